//! Part of `repair`: servers.
//!
//! In: a server, or a list of them. Out: URLs with a scheme and all their variables, and the same list with `https://X` before `http://X`:
//! a client sends credentials to the first server by default. Invariant: other servers keep their positions.

use foldhash::HashMap;
use serde_json::{Value, json};

use super::Repairer;
use super::templates::single_braces;
use crate::json::{Members, object_entry, text};
use crate::normalize::pass::Interpreted;
use crate::normalize::trail::Origin;
use crate::spelling::{is_among, is_digits};
use crate::structure::template::parameters;
use crate::words::parameter;

impl Repairer<'_> {
    /// Declares the variables in a server's URL (OpenAPI 3.0.3 §4.7.5).
    pub(super) fn server(&mut self, members: &mut Members) {
        self.server_url(members);
        let Some(Value::String(url)) = members.get("url") else { return };
        let is_name = |name: &&str| !name.is_empty() && !name.contains('{');
        let names: Vec<String> = parameters(url).filter(is_name).map(str::to_owned).collect();
        for name in names {
            let Some(variables) = object_entry(members, "variables") else { return };
            if !variables.contains_key(&name) {
                let text = format!("added the undeclared server variable `{{{name}}}`, with its name as the default");
                variables.insert(name.clone(), json!({"default": name}));
                self.note(("server-variable", Interpreted), "url", text);
            }
        }
    }

    /// Removes space around an address, replaces Postman's variables (`{{x}}`) with single braces, and adds `https` if the address begins
    /// with a host.
    fn server_url(&mut self, members: &mut Members) {
        let Some(url) = text(members, "url") else { return };
        let meant = single_braces(url.trim());
        if meant != url && !meant.is_empty() {
            let text = format!("replaced the URL `{url}` with `{meant}`");
            self.set(members, "url", meant, ("server-url", Interpreted), text);
        }
        if let Some(rest) = text(members, "url").and_then(host_first) {
            let is_here = rest.starts_with("localhost") || rest.starts_with("127.");
            let meant = format!("{}://{rest}", if is_here { "http" } else { "https" });
            let text = format!("assumed `{meant}` for a host without a scheme");
            self.set(members, "url", meant, ("server-without-scheme", Interpreted), text);
        }
    }

    /// Moves each `https` server before the same server with `http`.
    pub(super) fn server_order(&mut self, members: &mut Members) {
        let Some(Value::Array(servers)) = members.get_mut("servers") else { return };
        let order = https_first(servers);
        if order.is_sorted() {
            return;
        }
        let list = self.path.key("servers");
        let origins: Vec<Origin> = order.iter().map(|old| self.record.provenance.origin(&list.index(*old))).collect();
        let mut new = Vec::with_capacity(servers.len());
        for (place, (old, origin)) in order.into_iter().zip(origins).enumerate() {
            let Some(server) = servers.get(old).cloned() else { return };
            let after = list.index(place);
            self.record.provenance.push(after.clone(), origin);
            if old > place
                && let Some(url) = url(&server)
            {
                let text = format!("moved `{url}` in front of the same server without `https`");
                self.record.note(("server-order", Interpreted), after, text);
            }
            new.push(server);
        }
        *servers = new;
    }
}

/// Returns the URL without the leading slashes, if it begins with a host:
/// - `//api.example.com/v1`, which has the scheme of the document's own URL (RFC 3986 §4.2);
/// - `localhost:8080`;
/// - `api.example.com/v1`, which is strictly a relative path, as `v2.index.php` may be.
fn host_first(url: &str) -> Option<&str> {
    if let Some(rest) = url.strip_prefix("//") {
        return rest.starts_with(|c: char| c.is_alphanumeric() || c == '{').then_some(rest);
    }
    let (host, rest) = url.split_at(url.find(['/', ':']).unwrap_or(url.len()));
    let port = rest.strip_prefix(':').and_then(|rest| rest.split('/').next());
    let is_port = |port: &str| parameter(port).is_some() || is_digits(port);
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        let plain = || label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && (plain() || parameter(label).is_some())
    };
    let is_domain = labels.last().is_some_and(|last| {
        let is_ending = is_among("aspx html json jsp php yaml yml", &last.to_ascii_lowercase());
        last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()) && !is_ending
    });
    let is_host = port.is_some_and(is_port) || labels.len() > 2 && is_domain;
    (is_host && labels.iter().all(is_label) && !url.contains("://")).then_some(url)
}

/// Returns the indices of servers in the intended order.
fn https_first(servers: &[Value]) -> Vec<usize> {
    // If several servers have the same URL, the first one.
    let all = servers.iter().enumerate().rev();
    let twins: HashMap<&str, usize> =
        all.filter_map(|(index, server)| Some((url(server)?.strip_prefix("http://")?, index))).collect();
    let rank = |index: &usize| {
        let twin = servers.get(*index).and_then(|server| {
            let twin = *twins.get(url(server)?.strip_prefix("https://")?)?;
            let is_same = servers.get(twin)?.get("variables") == server.get("variables");
            Some(twin).filter(|twin| is_same && twin < index)
        });
        (twin.unwrap_or(*index), twin.is_none())
    };
    let mut order: Vec<usize> = (0..servers.len()).collect();
    order.sort_by_key(rank);
    order
}

fn url(server: &Value) -> Option<&str> {
    server["url"].as_str()
}
