//! The grammar of overlays as data (Overlay 1.0 and 1.1, §4.4).

use serde_json::Value;

use super::Walk;
use super::grammar::Form::{Any, Boolean, Is, List, Text};
use super::grammar::{Kind, Object, object, optional, required};
use super::rules::{Members, exclusive, text};
use crate::diagnostic::{Diagnostic, codes};
use crate::json::type_name;

pub(crate) static OVERLAY: Object = object(
    Kind::Overlay,
    "an overlay",
    &[
        optional("overlay", Any),
        required("info", Is(&INFO)),
        optional("extends", Text),
        required("actions", List(&Is(&ACTION))),
    ],
)
.with_rule(overlay);

pub(super) static INFO: Object = object(
    Kind::OverlayInfo,
    "`info` of an overlay",
    &[required("title", Text), required("version", Text), optional("description", Any)],
);

pub(super) static ACTION: Object = object(
    Kind::OverlayAction,
    "an action",
    &[
        required("target", Text),
        optional("description", Text),
        optional("update", Any),
        optional("remove", Boolean),
        optional("copy", Text),
        optional("x-optional", Boolean),
    ],
)
.with_rule(action);

/// Whether an overlay is written in a version (`1.1`) or one of its patches.
pub(crate) fn is_version(overlay: &Members, version: &str) -> bool {
    let patch = text(overlay, "overlay").and_then(|text| text.strip_prefix(version)?.strip_prefix('.'));
    patch.is_some_and(|patch| patch.parse::<u32>().is_ok())
}

fn overlay(walk: &mut Walk<'_>, members: &Members) {
    const WRITE: Option<&str> = Some("write `overlay: 1.1.0`");
    let since_1_1 = is_version(members, "1.1");
    let fault = match members.get("overlay") {
        None => {
            let message = "the overlay does not say which version it has";
            return walk.invalid_here(codes::MISSING_VERSION, message, WRITE);
        }
        Some(Value::String(version)) if !since_1_1 && !is_version(members, "1.0") => {
            Some((codes::UNSUPPORTED_VERSION, format!("overlay version {version} is not read: 1.0 and 1.1 are")))
        }
        Some(Value::String(_)) => None,
        Some(other) => Some((codes::WRONG_TYPE, format!("`overlay` takes a string, found {}", type_name(other)))),
    };
    if let Some((code, message)) = fault {
        let at = walk.pointer().key("overlay");
        walk.push(Diagnostic::invalid(code, walk.file, at, message).with_help_if(WRITE));
    }
    let actions = members.get("actions").and_then(Value::as_array);
    if actions.is_some_and(Vec::is_empty) {
        let at = walk.pointer().key("actions");
        walk.push(Diagnostic::invalid(codes::BAD_VALUE, walk.file, at, "an overlay needs at least one action"));
    }
    for (index, _) in actions.into_iter().flatten().enumerate().filter(|(_, action)| action.get("copy").is_some()) {
        if !since_1_1 {
            let at = walk.pointer().key("actions").index(index).key("copy");
            let message = "`copy` came with version 1.1 of overlays";
            walk.push(Diagnostic::invalid(codes::UNKNOWN_FIELD, walk.file, at, message).with_help_if(WRITE));
        }
    }
}

fn action(walk: &mut Walk<'_>, members: &Members) {
    if members.get("remove") == Some(&Value::Bool(true)) {
        return;
    }
    exclusive(walk, members, "update", "copy");
    if !members.contains_key("update") && !members.contains_key("copy") {
        let message = "an action needs `update`, `remove: true` or `copy`";
        walk.invalid_here(codes::MISSING_FIELD, message, None);
    }
}
