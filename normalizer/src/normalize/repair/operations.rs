//! Part of `repair`: relations between operations and with their paths; names of components (OpenAPI 3.0.3 §4.7.7).
//!
//! In: the whole document. Out: a unique `operationId` for every operation, and declarations of all path parameters; valid and unique names
//! of components, and updated references. Invariant: the name of an operation depends on its method and path, not on the order of the
//! document.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use serde_json::{Value, json};

use super::queries::{has_more, split};
use super::security::each_list;
use super::{Repairer, is_blank};
use crate::json::{Members, array_entry, count_nodes, items, members, object_at, only, rename_all, set};
use crate::normalize::names::{Names, alike, legal, operation_id};
use crate::normalize::operation_names::{is_key, says_only_path, spoken_ids, whole_ids};
use crate::normalize::pass::{Equivalent, Interpreted, Lossy};
use crate::normalize::reference::{self, each_text_mut, local, resolved};
use crate::normalize::trail::Provenance;
use crate::pointer::Pointer;
use crate::spelling::{is_digits, squashed};
use crate::structure::grammar::{
    METHODS, all_operations, components_at, each_operation_mut, is_component_name, is_extension,
};
use crate::structure::template::{parameters, pieces};
use crate::words::is_version;

/// An operation: its path, its pointer, and its method.
type Route = (String, Pointer, String);

/// The maximum number of names that an operation may want.
const MAX_CHOICES: usize = 4;

/// The operations of a document by name.
#[derive(Default)]
struct Ids {
    /// Operations without a name, or with a meaningless name, or with a name that only repeats the path.
    nameless: BTreeMap<Route, Option<String>>,
    by_id: BTreeMap<String, Vec<Route>>,
}

impl Ids {
    fn of(document: &Value) -> Self {
        let mentions = LazyCell::new(|| mentions(document));
        let mut ids = Self::default();
        let is_named = |(path, _, _, operation): &(&str, _, _, &Value)| !is_extension(path) && operation.is_object();
        for (path, method, at, operation) in all_operations(document).filter(is_named) {
            let route = (path.to_owned(), at, method.to_owned());
            match operation.get("operationId") {
                None => drop(ids.nameless.insert(route, None)),
                Some(Value::String(id))
                    if (is_key(id) || says_only_path(id, method, path)) && mentions.get(id.as_str()) == Some(&1) =>
                {
                    drop(ids.nameless.insert(route, Some(id.clone())));
                }
                Some(Value::String(id)) => ids.by_id.entry(id.clone()).or_default().push(route),
                Some(_) => {}
            }
        }
        ids
    }
}

impl Repairer<'_> {
    pub(super) fn operation(&mut self, members: &mut Members) {
        if members.get("operationId").is_some_and(is_blank) {
            members.shift_remove("operationId");
        }
        // The handler function, in the extension of `express-openapi-validator`.
        let text = "named the operation after the function that handles it";
        self.rename(members, ("x-eov-operation-id", "operationId"), ("missing-operation-id", Interpreted), text);
        if members.get("responses").is_none_or(Value::is_null) {
            set(members, "responses", Members::new());
        }
        self.server_order(members);
    }

    /// Names operations whose name is missing, is meaningless or only repeats the path, and renames all but one of the operations with the
    /// same name.
    pub(super) fn operation_ids(&mut self, document: &mut Value) {
        let by_id = Ids::of(document).by_id;
        self.same_ids(document, by_id);
        // An operation that gets its first choice frees its other choices.
        for _ in 0..MAX_CHOICES {
            if !self.missing_ids(document, Ids::of(document)) {
                break;
            }
        }
    }

    /// Renames all but one of the operations with the same name.
    fn same_ids(&mut self, document: &mut Value, by_id: BTreeMap<String, Vec<Route>>) {
        let mut names: Names = by_id.keys().cloned().collect();
        for (id, mut routes) in by_id.into_iter().filter(|(_, routes)| routes.len() > 1) {
            // The shortest path keeps the name: longer paths are special cases.
            routes.sort_by_key(|(path, _, method)| {
                let position = METHODS.iter().position(|known| known == method).unwrap_or(METHODS.len());
                let is_named_so = id.ends_with(&format!("_{method}"));
                (!is_named_so, pieces(path).len(), path.len(), path.clone(), position, method.clone())
            });
            let tag = |(_, at, _): &Route| Some(format!("{}/", at.get(document)?["tags"].get(0)?.as_str()?));
            let version = |(path, ..): &Route| Some(format!("_{}", path.split('/').find(|part| is_version(part))?));
            let marks: Vec<_> = routes.iter().map(|route| (tag(route), version(route))).collect();
            let mut with_mark: HashMap<&String, usize> = HashMap::default();
            let all = marks.iter().flat_map(|(tag, version)| [tag, version]).flatten();
            all.for_each(|mark| *with_mark.entry(mark).or_default() += 1);
            for (place @ (path, at, method), (tag, version)) in routes.iter().zip(&marks).skip(1) {
                // Operations are grouped by tag: within another tag, the name is free.
                let marked = match (tag, version) {
                    (Some(tag), _) if with_mark.get(tag) == Some(&1) => Some(format!("{tag}{id}")),
                    (_, Some(version)) if with_mark.get(version) == Some(&1) => Some(format!("{id}{version}")),
                    _ => None,
                };
                // FastAPI gives all methods of a route one name, which ends with one of them.
                let route = METHODS.iter().find_map(|method| id.strip_suffix(method)?.strip_suffix('_'));
                let own = route.map(|route| format!("{route}_{method}"));
                let spoken = spoken_ids(document, method, path, at).next();
                let whole = Some(format!("{id}_{}", operation_id(method, path)));
                let wanted: Vec<_> = [own, marked, spoken, whole].into_iter().flatten().collect();
                let name = names.free(&wanted, "");
                let text = format!("renamed a duplicate of the operation `{id}` to `{name}`");
                self.give_id(document, place, &name, "duplicate-operation-id", text);
            }
        }
    }

    /// Names operations without a name, or with one that only repeats the path. Each gets its first choice that no other operation owns.
    /// Returns `true` if any operation was named.
    fn missing_ids(&mut self, document: &mut Value, Ids { nameless, by_id }: Ids) -> bool {
        let mut names: Names = by_id.keys().cloned().collect();
        let mut owners = Owners::default();
        let given = by_id.iter().flat_map(|(id, routes)| routes.iter().map(move |(_, at, _)| (id, at)));
        let replaced = nameless.iter().filter_map(|((_, at, _), id)| Some((id.as_ref()?, at)));
        given.chain(replaced).for_each(|(id, at)| owners.want(id, at, IN_DOCUMENT));
        // Best first: a name for the resource in the path, or else the existing name, or the method and path.
        let wanted = |((path, at, method), id): (&Route, &Option<String>)| {
            let own = id.clone().filter(|id| !is_key(id));
            let whole = if own.is_none() { whole_ids(method, path).to_vec() } else { Vec::new() };
            spoken_ids(document, method, path, at).chain(whole).chain(own).collect()
        };
        let wanted: Vec<Vec<String>> = nameless.iter().map(wanted).collect();
        for ((path, at, _), wanted) in nameless.keys().zip(&wanted) {
            let parameters = parameters(path).count();
            wanted.iter().zip(1..).for_each(|(name, choice)| owners.want(name, at, (choice, parameters)));
        }
        let mut is_any = false;
        for ((route, id), wanted) in nameless.into_iter().zip(wanted) {
            let owned = wanted.iter().filter(|name| {
                owners.0.get(&squashed(name)).is_some_and(|(_, owner)| owner.as_ref() == Some(&route.1))
            });
            let owned: Vec<String> = owned.chain(wanted.last()).cloned().collect();
            let name = names.free(&owned, "");
            let (rule, text) = match id {
                None => ("missing-operation-id", format!("added the missing name `{name}`, from method and path")),
                Some(id) if squashed(&id) == squashed(&name) => continue,
                Some(id) if is_key(&id) => {
                    ("operation-id-without-words", format!("replaced `{id}`, which contains no words, with `{name}`"))
                }
                Some(id) => (
                    "operation-id-of-path",
                    format!("replaced `{id}`, which only repeats method and path, with `{name}`"),
                ),
            };
            self.give_id(document, &route, &name, rule, text);
            is_any = true;
        }
        is_any
    }

    fn give_id(&mut self, document: &mut Value, (_, at, _): &Route, name: &str, rule: &'static str, text: String) {
        let Some(operation) = object_at(document, at) else { return };
        let is_new = operation.insert("operationId".to_owned(), name.into()).is_none();
        let at = if is_new { at.clone() } else { at.key("operationId") };
        self.record.note((rule, Interpreted), at, text);
    }

    /// Updates the links to operations whose path was repaired.
    pub(super) fn links(&mut self, document: &mut Value) {
        let is_path = |pointer: &Pointer| pointer.as_str().starts_with("/paths/");
        each_text_mut(document, |text, at| {
            let Some(before) = reference::target(text).filter(is_path) else { return };
            let after = self.record.provenance.after(&before);
            if after != before {
                let new = local(&after);
                self.record.note(
                    ("link", Equivalent),
                    at.clone(),
                    format!("updated the target of `{text}` to `{new}`"),
                );
                *text = new;
            }
        });
    }

    /// Declares every parameter in a path, and removes all other path parameters.
    pub(super) fn path_parameters(&mut self, document: &mut Value) {
        let components = shared_parameters(document);
        let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
        for (path, item) in paths {
            let Value::Object(members) = item else { continue };
            if is_extension(path) || members.contains_key("$ref") {
                continue;
            }
            let template = template(path);
            let at = Pointer::top("paths").key(path);
            let shared = declared(members, &components, &at);
            let is_whole = template.iter().all(|name| shared.iter().any(|declared| declared.name == *name));
            each_operation_mut(item, |below, operation| {
                let at = at.join(below);
                self.operation_parameters(operation, &template, &shared, &components, &at);
                self.drop_strays(operation, &components, path, &at);
            });
            // The parameters that are not used by any operation.
            if let Value::Object(members) = item
                && (is_whole || shared.iter().any(|declared| !template.contains(&declared.name)))
            {
                self.drop_strays(members, &components, path, &at);
            }
        }
    }

    fn operation_parameters(
        &mut self,
        operation: &mut Members,
        template: &[String],
        shared: &[Declared],
        components: &Value,
        at: &Pointer,
    ) {
        let own = declared(operation, components, at);
        let all = || own.iter().chain(shared);
        let missing: Vec<&String> =
            template.iter().filter(|name| all().all(|declared| declared.name != **name)).collect();
        let stray: Vec<&Declared> = all().filter(|declared| !template.contains(&declared.name)).collect();
        let is_only = missing.len() == 1 && stray.len() == 1;
        for name in missing {
            // `{petId}` in the path and `petID` in its parameter, or else the only candidate; a shared one becomes the operation's own.
            let alike = only(stray.iter().filter(|stray| is_only || alike(&stray.name, name)));
            if let Some(stray) = alike.filter(|one| own.iter().any(|own| own.at == one.at))
                && let Some(members) = self.own_parameter(operation, stray, components)
            {
                set(members, "name", name.as_str());
                let text = format!("renamed the parameter `{}` to `{name}`, as its path spells it", stray.name);
                self.record.note(("path-parameter-name", Interpreted), stray.at.key("name"), text);
            } else if let Some(list) = array_entry(operation, "parameters") {
                let after = at.key("parameters").index(list.len());
                list.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
                let text = format!("assumed the undeclared path parameter `{{{name}}}` to be a string");
                self.record.note_from(("path-parameter-missing", Interpreted), at, after, text);
            }
        }
    }

    /// Removes path parameters that are not in the path: they cannot be sent.
    fn drop_strays(&mut self, holder: &mut Members, components: &Value, path: &str, at: &Pointer) {
        let (template, mut declared) = (template(path), declared(holder, components, at));
        declared.retain(|declared| !template.contains(&declared.name));
        let left_out = |stray: Declared| {
            let text = format!("removed a parameter: the path `{path}` has no `{{{}}}`", stray.name);
            (stray.index, (("path-parameter-stray", Lossy), text))
        };
        self.leave_out_listed(holder, at, declared.into_iter().map(left_out).collect());
    }

    /// Returns a parameter in the list of a path item or an operation; a shared one is copied there.
    pub(super) fn own_parameter<'h>(
        &mut self,
        holder: &'h mut Members,
        declared: &Declared,
        components: &Value,
    ) -> Option<&'h mut Members> {
        let parameter = holder.get_mut("parameters")?.get_mut(declared.index)?;
        if reference::text(parameter).is_some() {
            let shared = resolved(components, parameter).cloned()?;
            if !self.copies.spend(count_nodes(&shared)) {
                return None;
            }
            *parameter = shared;
        }
        parameter.as_object_mut()
    }
}

/// Returns a document with only the shared parameters of this one.
pub(super) fn shared_parameters(document: &Value) -> Value {
    json!({"components": {"parameters": document.pointer("/components/parameters")}})
}

/// Returns the names in a path's braces, each once.
fn template(path: &str) -> Vec<String> {
    // A query or fragment that only distinguishes operations is constant.
    let path = if has_more(path) { split(path).0 } else { path };
    let mut seen = BTreeSet::new();
    parameters(path).filter(|name| seen.insert(*name)).map(str::to_owned).collect()
}

/// A declared path parameter.
pub(super) struct Declared {
    pub(super) name: String,
    /// The index in the list.
    index: usize,
    pub(super) at: Pointer,
}

/// Returns the path parameters of a path item or operation. References are resolved in `components`, which needs only parameters.
pub(super) fn declared(holder: &Members, components: &Value, at: &Pointer) -> Vec<Declared> {
    let read = |(index, item): (usize, &Value)| {
        let parameter = resolved(components, item).filter(|parameter| parameter["in"] == "path")?;
        let name = parameter["name"].as_str()?.to_owned();
        Some(Declared { name, index, at: at.key("parameters").index(index) })
    };
    items(holder.get("parameters")).enumerate().filter_map(read).collect()
}

/// The priority of an operation for a name; the lowest rank gets it. It consists of the position of the name among the choices, and of the
/// number of parameters in the path: if that differs, so do the arguments of the operations.
type Rank = (usize, usize);

/// The rank of names in the document, before all choices: an existing name is never given to another operation.
const IN_DOCUMENT: Rank = (0, 0);

/// The owner of each name, without case and separators: the operation with the lowest rank, or none if several have it.
#[derive(Default)]
struct Owners(HashMap<String, (Rank, Option<Pointer>)>);

impl Owners {
    fn want(&mut self, name: &str, at: &Pointer, rank: Rank) {
        let own = || (rank, Some(at.clone()));
        let known = self.0.entry(squashed(name)).or_insert_with(own);
        // If the operations have the same path, the first one owns the name.
        let is_beside = |owner: &Pointer| owner != at && owner.parent() != at.parent();
        if rank < known.0 {
            *known = own();
        } else if rank == known.0 && known.1.as_ref().is_some_and(is_beside) {
            known.1 = None;
        }
    }
}

/// Counts the uses of each operation's name: its declaration, links, and strings in extensions.
fn mentions(document: &Value) -> HashMap<&str, usize> {
    let mut mentions = HashMap::default();
    let mut rest = vec![(document, false)];
    while let Some((node, may_be_name)) = rest.pop() {
        if let Some(id) = node.as_str().filter(|_| may_be_name) {
            *mentions.entry(id).or_default() += 1;
        }
        let inside = |key: &str| may_be_name || key == "operationId" || is_extension(key);
        rest.extend(members(node).map(|(key, value)| (value, inside(key))));
        rest.extend(items(node).map(|item| (item, may_be_name)));
    }
    mentions
}

/// Returns `true` for the names that `@fastify/swagger` gives to components: `def-7`.
fn is_numbered(name: &str) -> bool {
    name.strip_prefix("def-").is_some_and(is_digits)
}

/// Returns the title of a component that is only numbered: `Pet`, also for `https://example.com/schemas/pet.json`.
fn titled(name: &str, component: &Value) -> Option<String> {
    let title = component["title"].as_str().filter(|_| is_numbered(name))?;
    let last = title.trim_end_matches(['#', '/']).rsplit('/').next().unwrap_or_default();
    let last = last.strip_suffix(".json").unwrap_or(last);
    is_component_name(last).then(|| last.to_owned())
}

impl Repairer<'_> {
    pub(super) fn component_names(&mut self, document: &mut Value) {
        let mut moves = Provenance::default();
        let mut schemes: HashMap<String, String> = HashMap::default();
        let Some(Value::Object(components)) = document.get_mut("components") else { return };
        for (section, members) in components.iter_mut().filter(|(section, _)| !is_extension(section)) {
            let Value::Object(members) = members else { continue };
            let at = components_at(section);
            self.path = at.clone();
            let mut names: Names = members.keys().cloned().collect();
            let renamed = |(old, component): (&String, &Value)| {
                let wanted = titled(old, component).or_else(|| (!is_component_name(old)).then(|| legal(old)))?;
                Some((old.clone(), names.free(&[wanted], "_")))
            };
            let renamed = members.iter().filter_map(renamed).collect();
            for (old, new) in self.all_renamed(members, renamed) {
                let (kind, why) = if is_numbered(&old) {
                    (Equivalent, "its title says more than a number")
                } else if new == legal(&old) {
                    (Equivalent, "a name contains only letters, digits, `.`, `-` and `_`")
                } else {
                    (Interpreted, "the preferred name is in use")
                };
                self.note(("component-name", kind), &new, format!("renamed `{old}` to `{new}`: {why}"));
                moves.push(at.key(&new), at.key(&old));
                if section == "securitySchemes" {
                    schemes.insert(old, new);
                }
            }
        }
        self.path = Pointer::root();
        // Security requirements refer to schemes by their keys.
        if !schemes.is_empty() {
            each_list(document, |_, list| {
                for requirement in list.iter_mut().filter_map(Value::as_object_mut) {
                    let names = requirement.keys().filter_map(|old| Some((old.clone(), schemes.get(old)?.clone())));
                    rename_all(requirement, names.collect());
                }
            });
        }
        reference::follow(document, &moves);
        self.record.follow(usize::MAX, &moves);
    }
}
