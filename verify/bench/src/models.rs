//! The types of the documents, twice: in `ours` with this project's codec, in `theirs` with serde's derive.

use std::collections::BTreeMap;

use clientwright_runtime::{DateTime, UnknownJson, codegen};

/// Defines each struct in both modules. `, ? "Option::is_none"` marks an optional property.
macro_rules! models {
    ($(struct $name:ident { $($key:literal => $field:ident: $type:ty $(, $optional:tt $is_absent:literal)?;)* })*) => {
        /// With this project's codec.
        pub(crate) mod ours {
            use super::*;
            $(
                pub(crate) struct $name { $($field: $type,)* }
                codegen::object!($name { $($key => $field $($optional)?,)* });
            )*

            /// Each variant's payload declares the tag as a property, as in the document.
            #[non_exhaustive]
            pub(crate) enum Event {
                Opened(Opened),
                Moved(Moved),
                Closed(Closed),
                Unknown(UnknownJson),
            }
            codegen::tagged_union!(Event, "type" { Opened => "opened", Moved => "moved", Closed => "closed" });

            pub(crate) struct Opened { type_: String, id: u64, title: String }
            codegen::object!(Opened { "type" => type_, "id" => id, "title" => title });
            pub(crate) struct Moved { type_: String, id: u64, from: String, to: String }
            codegen::object!(Moved { "type" => type_, "id" => id, "from" => from, "to" => to });
            pub(crate) struct Closed { type_: String, id: u64, by: User }
            codegen::object!(Closed { "type" => type_, "id" => id, "by" => by });

            pub(crate) struct Measurement { id: i64, account: u64, at: DateTime, until: DateTime, counts: Vec<i64> }
            codegen::object!(Measurement { "id" => id, "account" => account, "at" => at, "until" => until, "counts" => counts });
        }
        /// With serde's derive.
        pub(crate) mod theirs {
            use super::*;
            use serde::{Deserialize, Serialize};
            $(
                #[derive(Serialize, Deserialize)]
                pub(crate) struct $name {
                    $(#[serde(rename = $key $(, default, skip_serializing_if = $is_absent)?)] $field: $type,)*
                }
            )*

            #[derive(Serialize, Deserialize)]
            #[serde(tag = "type")]
            pub(crate) enum Event {
                #[serde(rename = "opened")]
                Opened { id: u64, title: String },
                #[serde(rename = "moved")]
                Moved { id: u64, from: String, to: String },
                #[serde(rename = "closed")]
                Closed { id: u64, by: User },
            }

            /// The dates are strings, which is cheaper than any date type.
            #[derive(Serialize, Deserialize)]
            pub(crate) struct Measurement { id: i64, account: u64, at: String, until: String, counts: Vec<i64> }
        }
    };
}

models! {
    struct User {
        "id" => id: u64;
        "login" => login: String;
        "site_admin" => site_admin: bool;
    }
    struct Issue {
        "id" => id: u64;
        "node_id" => node_id: String;
        "title" => title: String;
        "body" => body: Option<String>;
        "state" => state: String;
        "comments" => comments: i64;
        "locked" => locked: bool;
        "score" => score: f64;
        "user" => user: User;
        "assignees" => assignees: Vec<User>;
        "labels" => labels: Vec<String>;
        "reactions" => reactions: BTreeMap<String, i32>;
        "created_at" => created_at: String;
        "closed_at" => closed_at: Option<String>, ? "Option::is_none";
    }
    struct Point {
        "x" => x: f64;
        "y" => y: f64;
        "time" => time: i64;
    }
    struct Tags {
        "key" => key: String;
        "env" => env: String;
        "team" => team: Option<String>, ? "Option::is_none";
        "values" => values: Vec<String>;
        "labels" => labels: BTreeMap<String, String>;
    }
    struct Node {
        "name" => name: String;
        "kind" => kind: Option<String>, ? "Option::is_none";
        "children" => children: Vec<Node>;
    }
}
