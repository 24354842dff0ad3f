//! Part of `lower`: shared state of the passes that read the document.
//!
//! In: the document. Out: a [`Draft`] of the types, and diagnostics.
//!
//! Invariant: a schema gets its id before its contents are read, and a location in the document always has the
//! same id. Contents wait in a queue, so that nesting uses no stack.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use foldhash::{HashMap, HashSet};
use indexmap::IndexMap;
use serde_json::Value;

use super::draft::Draft;
use super::merged_schema::{MergedSchema, Part};
use crate::ir::{Api, Method, Owner, Role, SchemeId, Section, TagId, TypeId, TypeRef};
use crate::resolve::{Node, Resolver};
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::json::count_nodes;
use clientwright_normalizer::pointer::Pointer;

/// The scopes that operations require of each scheme.
pub(super) type Scopes = BTreeMap<SchemeId, BTreeSet<String>>;
/// The document's security schemes by name; for an unsupported scheme, what it requires.
pub(super) type Schemes = IndexMap<String, Result<SchemeId, String>>;

/// The tags by name; `None` is the tag of untagged operations.
pub(super) type TagIds = HashMap<Option<String>, TagId>;

/// The state of lowering one document.
pub(super) struct Context<'d> {
    pub(super) document: Node<'d>,
    pub(super) file: &'d str,
    pub(super) resolver: Resolver<'d>,
    pub(super) draft: Draft,
    /// For each component's location, the components that reference it in their `allOf`.
    pub(super) extended_by: BTreeMap<Pointer, Vec<&'d str>>,
    /// The type of each schema that has been reached.
    pub(super) met: HashMap<Pointer, TypeRef>,
    /// The number of schemas whose aliases are being resolved.
    pub(super) alias_depth: usize,
    /// The API so far. It still has all tags, because operations refer to tags by index.
    pub(super) api: Api,
    pub(super) tag_ids: TagIds,
    pub(super) schemes: Schemes,
    pub(super) scopes: Scopes,
    /// The first location of each `operationId`.
    pub(super) operation_ids: BTreeMap<String, Pointer>,
    /// The first location of each method and path outline.
    pub(super) routes: BTreeMap<(Method, String), Pointer>,
    /// Types whose contents have not been read yet.
    pub(super) queue: VecDeque<(TypeId, Vec<Part<'d>>)>,
    /// The merged keywords of single schemas, by location and home.
    pub(super) merged: HashMap<(Pointer, Option<String>), Rc<MergedSchema<'d>>>,
    /// The locations of the schemas that a type joins, each with whether its branches are excluded.
    pub(super) joined: BTreeMap<TypeId, BTreeSet<(Pointer, bool)>>,
    /// The locations of all branches of a union, including nested unions, by the union's location.
    pub(super) all_branches: HashMap<Pointer, Rc<BTreeSet<Pointer>>>,
    /// The remaining budget for locations of branches.
    pub(super) branches: usize,
    /// The schemas of string contents, by the locations of the strings.
    pub(super) contents: BTreeMap<Pointer, Part<'d>>,
    /// The remaining budget of schemas and properties to merge for `allOf`.
    joins: usize,
    /// Whether a body may be XML.
    pub(super) may_have_xml: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
    reported: HashSet<(Pointer, Code, String)>,
    /// The media types that have been reported as unsupported.
    pub(super) unsupported_media_types: BTreeSet<String>,
}

/// Returns the owner of a type: a component of this section, or otherwise an operation.
pub(super) fn owner(component: Option<String>, section: Section, operation: &str, role: Role) -> Owner {
    match component {
        Some(component) => Owner::Shared(section, component),
        None => Owner::Operation(operation.to_owned(), role),
    }
}

/// Returns the budget of schemas and properties to merge for `allOf`, and of remembered branches of unions. Known documents need at most
/// one for every two values.
fn budget(document: &Value) -> usize {
    5_000 + 4 * count_nodes(document)
}

/// Returns `true` if a key may be an XML media type.
fn mentions_xml(value: &Value) -> bool {
    let is_xml = |key: &str| key.contains('/') && key.to_ascii_lowercase().contains("xml");
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| is_xml(key) || mentions_xml(value)),
        Value::Array(items) => items.iter().any(mentions_xml),
        _ => false,
    }
}

impl<'d> Context<'d> {
    pub(super) fn new(document: &'d Value, file: &'d str, api: Api) -> Self {
        let (draft, extended_by, met, alias_depth, tag_ids, schemes, scopes) = Default::default();
        let (operation_ids, routes, queue, merged, joined, all_branches, contents) = Default::default();
        let (diagnostics, reported, unsupported_media_types) = Default::default();
        Self {
            document: Node { item: document, at: Pointer::root() },
            file,
            resolver: Resolver::new(document, file),
            draft,
            extended_by,
            met,
            alias_depth,
            api,
            tag_ids,
            schemes,
            scopes,
            operation_ids,
            routes,
            queue,
            merged,
            joined,
            all_branches,
            branches: budget(document),
            contents,
            joins: budget(document),
            may_have_xml: mentions_xml(document),
            diagnostics,
            reported,
            unsupported_media_types,
        }
    }

    /// Returns `true` if the budget for `allOf` suffices for this many more schemas and properties. Repeated merges multiply.
    pub(super) fn may_join(&mut self, count: usize, at: &Pointer) -> bool {
        if self.joins == 0 {
            return false;
        }
        self.joins = self.joins.saturating_sub(count);
        if self.joins == 0 {
            let message = format!("`allOf` merges more than {} schemas and properties", budget(self.document.item));
            let fault = Diagnostic::unsupported(codes::EXPANSION, self.file, at.clone(), message);
            self.report(fault.with_help("reference schemas from properties instead of merging them with `allOf`"));
        }
        self.joins > 0
    }

    /// Adds a diagnostic unless it was already reported: a schema may be read several times through `allOf`.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.pointer.clone(), diagnostic.code, diagnostic.message.clone());
        if self.reported.insert(key) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a violation of OpenAPI.
    pub(super) fn invalid(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.report(Diagnostic::invalid(code, self.file, at.clone(), message));
    }

    /// Reports a legal construct that is not generated.
    pub(super) fn unsupported(&mut self, code: Code, at: &Pointer, message: impl Into<String>) {
        self.report(Diagnostic::unsupported(code, self.file, at.clone(), message));
    }

    /// Returns the value; `None` for a diagnostic, which is reported.
    pub(super) fn reported<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    /// Returns the object at a place, or the referenced object in that section of `components`; `None` if the reference is broken, which
    /// is reported.
    pub(super) fn resolved(&mut self, place: &Node<'d>, section: &str) -> Option<Node<'d>> {
        self.reported(self.resolver.resolve(place, section))
    }

    /// Returns the schema that a part references, or the part's inline schema.
    pub(super) fn target(&self, part: &Part<'d>) -> Result<Node<'d>, Diagnostic> {
        self.resolver.target(part.schema, &part.at)
    }

    /// Returns a type whose contents are read later from the parts.
    pub(super) fn queued(&mut self, at: Pointer, owner: Owner, parts: Vec<Part<'d>>) -> TypeRef {
        let ty = self.any_use(at, owner);
        self.queue.push_back((ty.ty, parts));
        ty
    }
}
