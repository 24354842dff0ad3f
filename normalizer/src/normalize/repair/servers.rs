//! Part of `repair`: the order of servers.
//!
//! In: a list of servers. Out: the same list, in which `https://X` stands before `http://X`: a client sends credentials to the first
//! server by default. Invariant: nothing else changes its place.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Members, Repairer};
use crate::normalize::pass::Weight;
use crate::normalize::trail::Origin;
use crate::pointer::Pointer;

impl Repairer<'_> {
    /// Puts a server that is safe before the same one that is not.
    pub(super) fn server_order(&mut self, members: &mut Members) {
        let Some(Value::Array(servers)) = members.get_mut("servers") else { return };
        let order = https_first(servers);
        if order.iter().enumerate().all(|(new, old)| new == *old) {
            return;
        }
        let list = self.path.key("servers");
        let origin = |old: &usize| self.record.moves.origin(&list.index(*old));
        let origins: Vec<(usize, usize, Origin)> =
            order.iter().enumerate().map(|(new, old)| (new, *old, origin(old))).collect();
        let mut new = Vec::with_capacity(servers.len());
        for (place, old, origin) in origins {
            let Some(server) = servers.get(old).cloned() else { return };
            let after: Pointer = list.index(place);
            self.record.moves.push(after.clone(), origin);
            if old > place
                && let Some(url) = url(&server)
            {
                let text = format!("`{url}` comes before the same server without `https`: clients use the first one");
                self.note_at("server-order", after, Weight::Interpreted, text);
            }
            new.push(server);
        }
        *servers = new;
    }
}

/// The places of servers in the order that is meant.
fn https_first(servers: &[Value]) -> Vec<usize> {
    let secure = |(index, server): (usize, &Value)| Some((url(server)?.strip_prefix("https://")?.to_owned(), index));
    let mut twins: HashMap<String, usize> = HashMap::new();
    for (rest, index) in servers.iter().enumerate().filter_map(secure) {
        twins.entry(rest).or_insert(index);
    }
    let mut order = Vec::with_capacity(servers.len());
    let mut is_placed = HashSet::new();
    for (index, server) in servers.iter().enumerate() {
        let twin = url(server).and_then(|url| twins.get(url.strip_prefix("http://")?)).copied();
        let is_same = |twin: &usize| {
            *twin > index && servers.get(*twin).is_some_and(|twin| twin.get("variables") == server.get("variables"))
        };
        let places = twin.filter(is_same).into_iter().chain([index]);
        order.extend(places.filter(|place| is_placed.insert(*place)));
    }
    order
}

fn url(server: &Value) -> Option<&str> {
    server.get("url").and_then(Value::as_str)
}
