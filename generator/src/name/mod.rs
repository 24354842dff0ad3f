//! Stage `name`: IR → Rust identifiers.
//!
//! In: an API. Out: [`Names`], with an identifier for every Rust item.
//!
//! Invariant: only this stage calls `heck`. Every name is valid and unique in its namespace. Names are chosen in the order of [`name`] and
//! of the document: earlier items keep the plain name.

mod entries;
mod environment;
mod failures;
mod files;
mod ident;
mod lock;
mod methods;
mod short;
mod tags;
mod types;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use self::entries::Places;
pub(crate) use self::entries::{ItemPlaces, item_places, printable};
pub(crate) use self::environment::CredentialVariables;
use self::environment::credential_variables;
use self::files::RESERVED_FILES;
pub(crate) use self::ident::is_word;
use self::ident::{Scope, begins, pascal, pascal_part, snake, with_word};
use self::lock::Fault;
pub use self::lock::Lock;
use self::methods::method_names;
use self::short::{Candidate, short_names_of};
use self::types::name_types;
use self::variants::variant_names;
use crate::call_variants::{CallVariant, CallVariants, Distinction, ResponsePayload, StatusPayload};
use crate::ir::{Api, EnumValue, Flow, Operation, Parameter, Server, Shape, StatusMatch, TypeId};
use crate::never::never;

// Names that are already taken in a namespace, separated by spaces.

/// Types in every file.
const RESERVED_EVERYWHERE: &str = "BTreeMap Base64 Box Bytes DateTime Into JsonObject JsonValue None Option Result \
    Secret Some String Uuid Vec";
/// Types in files of types.
const RESERVED_TYPES: &str = "Clone Copy Debug Default Eq Err F From Hash IntoIterator IntoMaybe Maybe Ok Ord PartialEq \
    PartialOrd ToString TryFrom UnknownInteger UnknownJson UnknownString";
/// Types in the file of a tag.
const RESERVED_IN_TAG: &str = "Body Call Client EventStream ItemStream Operation Part Request Style";
/// Methods of traits with `&self` or for all types, and names with clippy lints (`should_implement_trait`, `new_ret_no_self`). Names of
/// trait methods that take `self` or `&mut self`, such as `add`, are free, and so is `index`, which returns a reference.
const RESERVED_METHODS: &str = "as_ref borrow clone cmp deref eq fmt hash into new try_into";
/// Further trait methods and functions of a union.
const RESERVED_ON_UNION: &str = "default from_iter from_str to_owned";
/// Setters of a request.
const RESERVED_SETTERS: &str = "into_future send stream with_header with_options with_timeout";
/// Further setters of a request with pagination.
const RESERVED_PAGED: &str = "items pages";
/// Further setters of a request with polling.
const RESERVED_POLLED: &str = "wait";
/// Module names of tags that would conflict with another module or crate.
const RESERVED_MODULES: &str = "alloc client clientwright_runtime core std types";
/// Methods of the generated `Client`, and trait methods that take precedence over a method with `&self`.
const RESERVED_ACCESSORS: &str = "builder clone fmt into raw try_into with_auth";
/// Methods of the generated `Auth`.
const RESERVED_CREDENTIALS: &str = "clone fmt provider with_oauth2";
/// Methods of the generated `ClientBuilder`.
const RESERVED_BUILDER: &str = "attempt_timeout auth auth_everywhere before_send body_limit build certificate_authority \
    connect_timeout fmt from_env header http_client idle_timeout intercept mock observe proxy retries \
    server strict timeout transport";

/// The identifiers of an API.
#[derive(Default)]
pub struct Names {
    /// Types that are Rust items.
    types: BTreeMap<TypeId, TypeName>,
    /// Fields and variants, in the order of the IR; the last one of an object is the field of additional properties.
    members: BTreeMap<TypeId, Vec<String>>,
    /// The name of each component, by its name in the document. Its type may have another name.
    components: BTreeMap<String, String>,
    /// Tags, by `TagId`.
    pub tags: Vec<TagName>,
    /// Operations, in the order of [`Api::operations`].
    pub operations: Vec<OperationName>,
    /// Constructors of credentials, by `SchemeId`.
    pub schemes: Vec<String>,
    /// Constructors of credentials for OAuth flows, by `SchemeId`, in the order of flows.
    pub flows: Vec<Vec<String>>,
    /// The environment variables of credentials.
    pub environment: Vec<CredentialVariables>,
    /// The types of webhooks and callbacks, in the order of [`Api::incoming`].
    pub incoming: Vec<IncomingName>,
    /// The module of webhooks and callbacks; empty without any.
    pub webhooks: String,
    /// The module of failure enums that operations share; empty without such enums.
    pub errors: String,
    /// The module of XML forms of types; empty without XML bodies.
    pub xml: String,
    /// The failure enums that operations share, by the index of the first operation; the names of the operations' own enums are aliases.
    pub shared_failures: BTreeMap<usize, ResponseEnumName>,
    /// Whether the module of webhooks is a folder, with a file for each request, because there are many.
    pub webhooks_folder: bool,
    /// The setter of a client-wide parameter, by `ClientParameterId`.
    pub client_parameters: Vec<String>,
    /// The constant or function of each server.
    pub servers: Vec<ServerName>,
}

/// The names of a server's constant, and of the function that fills in its variables.
pub struct ServerName {
    /// `SERVER`
    pub constant: String,
    /// `server`
    pub function: String,
    /// The arguments of the function.
    pub variables: Vec<String>,
}

/// The name of a type that is a Rust item.
pub struct TypeName {
    /// The identifier.
    pub ident: String,
    /// The file below `types/`, without extension: `pet`, or `pet/mod` and `pet/owner` if a component is a folder.
    pub file: String,
}

/// The names of a tag.
#[derive(Debug)]
pub struct TagName {
    /// The module, which is also the file stem.
    pub module: String,
    /// The accessor.
    pub accessor: String,
    /// The struct of the operations.
    pub ident: String,
    /// Whether the module is a folder, with a file for each operation, because there are many.
    pub folder: bool,
}

/// The names of an operation.
#[derive(Debug)]
pub struct OperationName {
    /// The names of the calls, in the order of [`CallVariants::variants`].
    pub variants: Vec<VariantName>,
    /// Arguments and setters, in the order of [`Operation::parameters`].
    pub parameters: Vec<String>,
    /// The argument for the body.
    pub body: String,
    /// The argument for the body's media type, if the caller names it.
    pub content_type: String,
    /// The enum of failures by status, if any.
    pub failure: Option<ResponseEnumName>,
    /// The file stem, if the tag is a folder.
    pub file: String,
}

/// The names of one call of an operation.
#[derive(Debug)]
pub struct VariantName {
    /// The method.
    pub method: String,
    /// The request builder, if the call has optional parameters.
    pub request: String,
    /// The enum of successes by status, if any.
    pub success: Option<ResponseEnumName>,
}

/// The names of the types of a webhook or callback.
pub struct IncomingName {
    /// One name for each JSON media type of the body.
    pub bodies: Vec<String>,
    /// One name for each JSON response.
    pub responses: Vec<String>,
    /// The file stem, if the module is a folder.
    pub file: String,
}

/// The names of an enum by status.
#[derive(Clone, Debug)]
pub struct ResponseEnumName {
    /// The enum.
    pub ident: String,
    /// Whether operations share the enum, which is then in the module of shared errors.
    pub is_shared: bool,
    /// The variants, in the order of the payloads.
    pub variants: Vec<String>,
}

impl Names {
    /// Returns the name of a type that is a Rust item.
    pub fn ty(&self, id: TypeId) -> Option<&TypeName> {
        self.types.get(&id)
    }

    /// Returns the names of all items: types, tags, requests and responses.
    pub fn items(&self) -> impl Iterator<Item = &str> {
        let types = self.types.values().map(|name| name.ident.as_str());
        let tags = self.tags.iter().map(|tag| tag.ident.as_str());
        let requests = self.operations.iter().flat_map(|operation| {
            let variants = operation.variants.iter();
            let success = variants.clone().filter_map(|variant| variant.success.as_ref());
            let responses = success.chain(&operation.failure).map(|response| response.ident.as_str());
            variants.map(|variant| variant.request.as_str()).chain(responses)
        });
        let incoming = self.incoming.iter().flat_map(|incoming| incoming.bodies.iter().chain(&incoming.responses));
        types.chain(tags).chain(requests).chain(incoming.map(String::as_str))
    }

    /// Returns the fields or variants of a type, in the order of the IR, and [`rest`](Self::rest); empty for other types.
    pub fn members(&self, id: TypeId) -> &[String] {
        self.members.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Returns the field for additional properties of an object.
    pub fn rest(&self, id: TypeId) -> &str {
        self.members(id).last().map_or_else(|| never!("", "{id:?} is not an object"), String::as_str)
    }
}

/// Names all items of an API. `calls` are the calls of [`Api::operations`], in the same order.
pub fn name(api: &Api, calls: &[CallVariants]) -> Names {
    name_locked(api, calls, &mut Lock::default()).0
}

/// Names all items of an API. Locked names stay unchanged; new names are added to the lock. Also returns the removed lines of the lock,
/// whose items the document no longer has, and the names set by the document that cannot be used.
pub fn name_locked(api: &Api, calls: &[CallVariants], lock: &mut Lock) -> (Names, Vec<String>, Vec<Fault>) {
    let mut names = Names::default();
    name_tags(api, calls, &mut names);
    name_credentials(api, &mut names);
    name_types(api, &mut names);
    name_members(api, &mut names);
    name_operations(api, calls, &mut names);
    name_incoming(api, &mut names);
    let places = Places::new(api);
    lock.apply(entries::entries(&places, calls, &mut names));
    names.environment = credential_variables(api, &names);
    names.shared_failures = failures::shared_failures(calls, &names);
    lock.apply(entries::shared_failures(&places, calls, &mut names));
    files::name_type_files(&api.types, &mut names);
    files::split_tags(api, calls, &mut names);
    let (removed, faults) = lock.prune();
    (names, removed, faults)
}

/// Returns the method of a union for a field that all variants have.
pub(crate) fn shared_method(field: &str) -> String {
    if is_among(field, &[RESERVED_METHODS, RESERVED_ON_UNION]) { format!("{field}_") } else { field.to_owned() }
}

/// Returns `true` if a name is in one of the lists.
pub(crate) fn is_among(name: &str, lists: &[&str]) -> bool {
    lists.iter().flat_map(|names| names.split(' ')).any(|listed| listed == name)
}

/// Converts a string to a module name. It may still be a keyword.
pub(crate) fn module(text: &str) -> String {
    let name = snake(text);
    let name = name.trim_matches('_');
    if begins(name, char::is_ascii_digit) { format!("api_{name}") } else { name.to_owned() }
}

/// Returns `true` if a file with this stem has a special meaning for Cargo or Windows.
pub(crate) fn is_reserved_file(stem: &str) -> bool {
    is_among(stem, &[RESERVED_FILES])
}

fn name_tags(api: &Api, calls: &[CallVariants], names: &mut Names) {
    let mut modules = Scope::of_files(&[RESERVED_FILES, RESERVED_MODULES]);
    // A module must not have the name of its parent (clippy: `module_inception`).
    modules.take(&api.module);
    if !api.incoming.is_empty() {
        names.webhooks = modules.take_or("webhooks", "received_webhooks");
    }
    for (tag, short) in api.tags.iter().zip(tags::short_names(api)) {
        let module = if tag.implied { "operations".to_owned() } else { snake(&short) };
        names.tags.push(TagName {
            ident: pascal(&short),
            folder: false,
            accessor: String::new(), // Set by `name_operations`.
            module: modules.take_with(&module, "_operations"),
        });
    }
    if calls.iter().any(|call| call.shared_failure.is_some()) {
        names.errors = modules.take_or("errors", "shared_errors");
    }
    if calls.iter().any(|call| !call.xml().is_empty()) {
        names.xml = modules.take_or("xml", "xml_types");
    }
}

fn name_credentials(api: &Api, names: &mut Names) {
    let mut constructors = Scope::with(&[RESERVED_CREDENTIALS]);
    names.schemes = api.security_schemes.iter().map(|scheme| constructors.take(&snake(&scheme.name))).collect();
    let flows = api.security_schemes.iter().map(|scheme| {
        let word = |flow: &Flow| with_word(&snake(&scheme.name), &format!("_{}", flow.grant.word()));
        let mut take = |flow: &Flow| constructors.take(&word(flow));
        scheme.flows.iter().map(&mut take).collect()
    });
    names.flows = flows.collect();
    let mut setters = Scope::with(&[RESERVED_BUILDER]);
    let of_client = api.client_parameters.iter().map(|parameter| {
        let setter = snake(&parameter.wire_name);
        setters.take_with(&setter, &format!("_{}", parameter.location.key()))
    });
    names.client_parameters = of_client.collect();
    name_servers(api, names);
}

fn name_servers(api: &Api, names: &mut Names) {
    let (mut constants, mut functions) = (Scope::default(), Scope::default());
    // URLs of HTTPS servers without the scheme, and their names.
    let mut secure: BTreeMap<&str, String> = BTreeMap::new();
    let words = server_words(&api.servers);
    for (index, (server, word)) in api.servers.iter().zip(words).enumerate() {
        let mut scope = Scope::default();
        let variables = server.variables.iter().map(|variable| scope.take(&snake(&variable.name))).collect();
        let twin = server.url.strip_prefix("http://").and_then(|rest| secure.get(rest));
        let wanted = match twin {
            // The first server is the default, and always has the plain name.
            _ if index == 0 => "server".to_owned(),
            Some(twin) => format!("{twin}_http"),
            None => format!("server_{word}"),
        };
        let (constant, function) = (constants.take(&wanted.to_ascii_uppercase()), functions.take(&wanted));
        if let Some(rest) = server.url.strip_prefix("https://") {
            secure.entry(rest).or_insert_with(|| function.clone());
        }
        names.servers.push(ServerName { constant, function, variables });
    }
}

/// Words that apply to every server.
const SERVER_FILLERS: &str = "a an and api apis at base endpoint env environment for host http https in instance is of on our server \
    servers service services the this to uri url use used with your";

/// Words in hosts for the purpose of a server.
const SERVER_KINDS: &str =
    "alpha beta demo dev development eu local localhost prod production qa sandbox stage staging test testing uat us";

/// The maximum number of words in a server's name; more would be a sentence.
const SERVER_WORDS: usize = 5;

/// The maximum number of description words in a server's name that must differ from another one.
const SERVER_MOST_WORDS: usize = 10;

/// Returns a unique name for each server, its index as a last resort. A name depends only on its own server: credentials for one server
/// must never be sent to another.
fn server_words(servers: &[Server]) -> Vec<String> {
    let mut secure = BTreeSet::new();
    let wanted = servers.iter().zip(1..).map(|(server, place)| {
        secure.extend(server.url.strip_prefix("https://"));
        let is_twin = server.url.strip_prefix("http://").is_some_and(|rest| secure.contains(rest));
        // The HTTP twin of an HTTPS server gets its name elsewhere.
        let names = (!is_twin).then(|| server_names(server));
        names.into_iter().flatten().chain([format!("{place}")]).map(Candidate::strong).collect()
    });
    short_names_of(wanted.collect())
}

/// Returns the candidate names of a server: a clause of its description, such as `production_au_nz` for `Production URL for the AU and NZ
/// API`, the whole description, or its host.
fn server_names(server: &Server) -> impl Iterator<Item = String> {
    let description = server.docs.description.as_deref().unwrap_or_default();
    let clauses = description
        .split([':', '(', ',', ';', '\n'])
        .flat_map(|clause| clause.split(". "))
        .flat_map(|part| part.split(" - "));
    let host = server.url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let filtered = |text: &str, is_kept: fn(&str) -> bool| -> Vec<String> {
        let words = snake(text);
        words.split('_').filter(|word| !word.is_empty() && is_kept(word)).map(str::to_owned).collect()
    };
    let is_name = |words: &Vec<String>, most: usize| {
        words.len() <= most && words.first().is_some_and(|word| begins(word, char::is_ascii_alphabetic))
    };
    let is_meaningful = |word: &str| !is_among(word, &[SERVER_FILLERS]);
    let clauses = clauses.filter(|clause| clause.contains(char::is_alphanumeric));
    let in_clause = clauses.map(|clause| filtered(clause, is_meaningful)).find(|words| !words.is_empty());
    let in_clause = in_clause.filter(|words| is_name(words, SERVER_WORDS));
    let whole = in_clause
        .as_ref()
        .map(|_| filtered(description, is_meaningful))
        .filter(|words| is_name(words, SERVER_MOST_WORDS));
    let host =
        Some(filtered(host, |word| is_among(word, &[SERVER_KINDS]))).filter(|words| is_name(words, SERVER_WORDS));
    [in_clause, whole, host].into_iter().flatten().map(|words| words.join("_"))
}

fn name_members(api: &Api, names: &mut Names) {
    for (id, ty) in api.types.iter() {
        let members = match &ty.shape {
            Shape::Object(object) => {
                // `new` is the constructor of every sent type.
                let mut scope = Scope::with(&["new"]);
                let mut take = |ident: String| scope.take_or(&ident, &format!("{ident}_"));
                let mut fields: Vec<_> = object.fields.iter().map(|field| take(snake(&field.wire_name))).collect();
                fields.push(scope.take("additional_properties"));
                fields
            }
            shape if shape.is_enumeration() => variants(shape.enum_values().iter().map(enum_variant)),
            Shape::Union(union) => variants(variant_names(&api.types, names, id, union).into_iter()),
            _ => continue,
        };
        names.members.insert(id, members);
    }
}

/// Returns `Red`, or for numbers `V1`, `Minus1`, `V0_5`.
fn enum_variant(value: &EnumValue) -> String {
    let label = value.label();
    match label.strip_prefix('-').filter(|_| value.name.is_none() && value.wire.is_number()) {
        Some(digits) => pascal(&format!("minus {digits}")),
        None => pascal(&label),
    }
}

/// Makes variant names unique. `Unknown` is the last variant of every enum; a value with that name gets an underscore.
fn variants(wanted: impl Iterator<Item = String>) -> Vec<String> {
    let mut scope = Scope::with(&["Unknown"]);
    wanted.map(|name| scope.take_or(&name, &format!("{name}_"))).collect()
}

/// Names webhooks and callbacks: a webhook names its body; a callback's name is appended to its operation's.
fn name_incoming(api: &Api, names: &mut Names) {
    let mut idents = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_TYPES]);
    let mut files = Scope::of_files(&[RESERVED_FILES, &names.webhooks]);
    names.webhooks_folder = api.incoming.len() > files::FUNCTIONS;
    for incoming in &api.incoming {
        let wanted = match &incoming.callback {
            Some(callback) => with_word(&pascal(&callback.operation), &pascal_part(&incoming.name)),
            None => pascal(&incoming.name),
        };
        let mut take = |wanted: &str| idents.take_with(wanted, "Request");
        let bodies = incoming.json_bodies().iter().map(|_| take(&wanted)).collect();
        let responses = incoming.json_responses();
        let responses = responses.iter().map(|(status, _)| {
            let word = if responses.len() == 1 { String::new() } else { status_variant(*status) };
            take(&with_word(&wanted, &format!("{word}Answer")))
        });
        let responses = responses.collect();
        names.incoming.push(IncomingName { bodies, responses, file: files.take(&snake(&wanted)) });
    }
}

fn name_operations(api: &Api, calls: &[CallVariants], names: &mut Names) {
    let mut methods: BTreeMap<usize, Scope> = BTreeMap::new();
    let mut items: BTreeMap<usize, Scope> = BTreeMap::new();
    for (index, (tag, name)) in api.tags.iter().zip(&mut names.tags).enumerate() {
        let mut scope = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_IN_TAG]);
        // Operations without a tag are methods of the client.
        name.ident = if tag.implied { "Client".to_owned() } else { scope.take_with(&name.ident, "Operations") };
        items.insert(index, scope);
    }
    // The main names of all operations come first, so that a further call never takes the name of another operation. The client's methods
    // and accessors are named in the order of operations, so that later ones do not rename earlier ones.
    let mut of_client = Scope::with(&[RESERVED_ACCESSORS]);
    let short_names = tags::short_names(api);
    let mut own: Vec<(String, String)> = Vec::new();
    for (operation, method) in api.operations.iter().zip(method_names(api)) {
        let method = operation.docs.rust_name.as_deref().map_or(method, snake);
        let is_of_client = api.is_implied(operation.tag);
        let scope = if is_of_client {
            &mut of_client
        } else {
            // The first operation of a tag names its accessor.
            let mut accessors = short_names.iter().zip(&mut names.tags).skip(operation.tag.0);
            if let Some((short, name)) = accessors.next().filter(|(_, name)| name.accessor.is_empty()) {
                name.accessor = of_client.take_with(&snake(short), "_operations");
            }
            methods.entry(operation.tag.0).or_insert_with(|| Scope::with(&[RESERVED_METHODS]))
        };
        let is_reserved = is_of_client && is_among(&method, &[RESERVED_METHODS]);
        let method = if is_reserved { format!("{method}_") } else { method };
        let method = scope.take_or(&method, &format!("{method}_"));
        let request = pascal(&method);
        let request = items.entry(operation.tag.0).or_default().take_with(&request, "Request");
        own.push((method, request));
    }
    if let Some(client) = api.tags.iter().position(|tag| tag.implied) {
        methods.insert(client, of_client);
    }
    for ((operation, calls), (method, request)) in api.operations.iter().zip(calls).zip(own) {
        let methods = methods.entry(operation.tag.0).or_default();
        let items = items.entry(operation.tag.0).or_default();
        names.operations.push(name_operation(operation, calls, &method, &request, methods, items));
    }
}

fn name_operation(
    operation: &Operation,
    calls: &CallVariants,
    method: &str,
    request: &str,
    methods: &mut Scope,
    items: &mut Scope,
) -> OperationName {
    let variants = calls.variants.iter().map(|variant| {
        let (method, request) = match suffix(variant) {
            None => (method.to_owned(), request.to_owned()),
            Some((short, long)) => {
                let with = |suffix: &str| with_word(method, &format!("_{suffix}"));
                let method = methods.take_or(&with(&short), &with(&long));
                (method.clone(), items.take(&pascal(&method)))
            }
        };
        let success = response_enum_name(&variant.success, &with_word(&request, "Answer"), items);
        VariantName { method, request, success }
    });
    let variants = variants.collect();
    let mut scope = Scope::with(reserved_setters(operation));
    let parameter = |parameter: &Parameter| {
        let ident = snake(&parameter.wire_name);
        scope.take_with(&ident, &format!("_{}", parameter.location.key()))
    };
    let parameters = operation.parameters.iter().map(parameter).collect();
    let body = operation.body.as_ref().and_then(|body| body.name.as_deref()).map_or("body".to_owned(), snake);
    OperationName {
        variants,
        parameters,
        body: scope.take_or(&body, "body"),
        content_type: scope.take("content_type"),
        failure: response_enum_name(&calls.failure, &with_word(request, "Error"), items),
        file: String::new(),
    }
}

/// Returns the reserved names of setters in an operation's requests.
fn reserved_setters(operation: &Operation) -> &'static [&'static str] {
    match (&operation.pagination, &operation.polling) {
        (None, None) => &[RESERVED_SETTERS],
        (Some(_), None) => &[RESERVED_SETTERS, RESERVED_PAGED],
        (None, Some(_)) => &[RESERVED_SETTERS, RESERVED_POLLED],
        (Some(_), Some(_)) => &[RESERVED_SETTERS, RESERVED_PAGED, RESERVED_POLLED],
    }
}

/// Returns `as_yaml` for a call that accepts `application/yaml`, `with_text` for one that sends `text/plain`; also with the whole media
/// type, in case the short suffix is taken.
fn suffix(variant: &CallVariant) -> Option<(String, String)> {
    let (word, media_type) = match &variant.distinction {
        Distinction::None => return None,
        Distinction::Accepts(media_type) => ("as", media_type),
        Distinction::Sends(media_type) => ("with", media_type),
    };
    Some((format!("{word}_{}", media_word(media_type)), format!("{word}_{}", snake(media_type))))
}

/// Returns a short name of a media type: `yaml` for `application/yaml`, `text` for `text/plain`, `json_version_2` for
/// `application/json;version=2`.
fn media_word(media_type: &str) -> String {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let parameters = parameters
        .split(';')
        .map(str::trim)
        .filter(|parameter| !parameter.is_empty() && !parameter.to_ascii_lowercase().starts_with("charset="));
    parameters.fold(essence_word(essence.trim()), |word, parameter| with_word(&word, &format!("_{}", snake(parameter))))
}

fn essence_word(essence: &str) -> String {
    let word = match essence.split_once('/').unwrap_or((essence, "*")) {
        ("text", "plain") => "text",
        ("application", "x-www-form-urlencoded") => "form",
        ("multipart", "form-data") => "multipart",
        ("application", "octet-stream") | (_, "*") => "bytes",
        // The usual file extensions of media types with unwieldy names.
        (_, "vnd.ms-excel") => "xls",
        (_, "vnd.openxmlformats-officedocument.presentationml.presentation") => "pptx",
        (_, "vnd.openxmlformats-officedocument.spreadsheetml.sheet") => "xlsx",
        (_, "vnd.openxmlformats-officedocument.wordprocessingml.document") => "docx",
        (_, subtype) => {
            // The vendor is not descriptive, as in `vnd.kubernetes.protobuf`.
            let own = subtype.strip_prefix("vnd.").and_then(|rest| rest.split_once('.'));
            return snake(own.map_or(subtype, |(_, own)| own).trim_start_matches("x-"));
        }
    };
    word.to_owned()
}

fn response_enum_name(response: &ResponsePayload, wanted: &str, items: &mut Scope) -> Option<ResponseEnumName> {
    let ResponsePayload::ByStatus(statuses) = response else {
        return None;
    };
    let mut scope = Scope::default();
    let variant = |StatusPayload { status, media_type, .. }: &StatusPayload| {
        let word = media_type.as_deref().map(|name| pascal(&media_word(name))).unwrap_or_default();
        with_word(&status_variant(*status), &word)
    };
    let variants = statuses.iter().map(|status| scope.take(&variant(status))).collect();
    Some(ResponseEnumName { ident: items.take(wanted), is_shared: false, variants })
}

/// Returns the variant for a status code: its reason phrase (RFC 9110 §15).
fn status_variant(status: StatusMatch) -> String {
    match status {
        StatusMatch::Code(code) => http::StatusCode::from_u16(code)
            .ok()
            .and_then(|code| code.canonical_reason())
            .map_or_else(|| format!("Status{code}"), pascal),
        StatusMatch::Range(2) => "Success".to_owned(),
        StatusMatch::Range(3) => "Redirection".to_owned(),
        StatusMatch::Range(4) => "ClientError".to_owned(),
        StatusMatch::Range(5) => "ServerError".to_owned(),
        StatusMatch::Range(hundred) => format!("Status{hundred}xx"),
        StatusMatch::Default => "Default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Docs;

    #[test]
    fn servers_are_named_after_their_differences() {
        for (url, description, expected) in [
            ("https://a.b", "Production URL for the AU and NZ API", Some("production_au_nz")),
            (
                "https://a.b",
                "The AWS Shield endpoint for China (Beijing) and China (Ningxia)",
                Some("aws_shield_china"),
            ),
            ("https://a.b", "The API server. Sandbox - for tests", Some("sandbox")),
            ("https://sandbox.b/prod", "", Some("sandbox")),
            ("https://a.b", "2nd server", None),
            ("https://a.b", "The one that was there before all others, for those who need it", None),
            ("/test", "", None),
        ] {
            let docs = Docs { description: Some(description.to_owned()), ..Docs::default() };
            let server = Server { url: url.to_owned(), docs, variables: Vec::new() };
            assert_eq!(server_names(&server).next().as_deref(), expected, "{url} {description}");
        }
    }

    #[test]
    fn a_word_of_two_servers_goes_to_neither() {
        let words = |servers: &[(&str, &str)]| {
            let server = |(url, description): &(&str, &str)| {
                let docs = Docs { description: Some((*description).to_owned()), ..Docs::default() };
                Server { url: (*url).to_owned(), docs, variables: Vec::new() }
            };
            server_words(&servers.iter().map(server).collect::<Vec<_>>()).join(" ")
        };
        let [us, eu] = [("https://us.b", "Production (US)"), ("https://eu.b", "Production (EU)")];
        assert_eq!(words(&[("https://a.b", ""), us]), "1 production");
        assert_eq!(words(&[("https://a.b", ""), eu, us]), "1 production_eu production_us");
        assert_eq!(words(&[eu, us]), "production_eu production_us");
        assert_eq!(words(&[("https://us.b", "Production"), ("https://eu.b", "Production")]), "us eu");
        assert_eq!(words(&[("https://a.b", "Test"), ("http://a.b", "Test")]), "test 2");
        assert_eq!(words(&[("https://a.b", "Main"), ("https://c.b", "Main")]), "1 2");
    }

    #[test]
    fn media_types_have_short_names() {
        let names =
            ["application/vnd.kubernetes.protobuf", "application/vnd.api+json", "application/x-ndjson", "text/plain"];
        assert_eq!(names.map(media_word), ["protobuf", "vnd_api_json", "ndjson", "text"]);
    }
}
