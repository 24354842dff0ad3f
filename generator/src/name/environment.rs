//! Part of `name`: the environment variables of a client's credentials.
//!
//! In: security schemes, and the constructors of their credentials. Out: the variables of each credential that consists of strings.
//!
//! Invariant: names are unique, and differ from the variable of the base URL.

use super::Names;
use super::ident::{Scope, with_word};
use crate::ir::{Api, Grant, SchemeId, SchemeKind};

/// A credential from environment variables.
pub struct CredentialVariables {
    /// The scheme; `None` in a document without schemes.
    pub scheme: Option<SchemeId>,
    /// The constructor.
    pub constructor: String,
    /// The variables of the constructor's one or two arguments, without the prefix of the client.
    pub variables: Vec<String>,
}

/// The variable of the base URL, which all clients have.
const RESERVED: &str = "BASE_URL";

/// Returns the variables of all credentials, in the order of their schemes.
pub(super) fn credential_variables(api: &Api, names: &Names) -> Vec<CredentialVariables> {
    let mut scope = Scope::with(&[RESERVED]);
    let mut take = |scheme: Option<SchemeId>, constructor: &str, arguments: &[&str]| {
        let variable = |argument: &&str| {
            // A single variable needs no argument name.
            let part = if arguments.len() > 1 { format!("_{argument}") } else { String::new() };
            let wanted = with_word(constructor, &part).to_uppercase();
            scope.take_with(&wanted, "_CREDENTIAL")
        };
        let variables = arguments.iter().map(variable).collect();
        CredentialVariables { scheme, constructor: constructor.to_owned(), variables }
    };
    if api.security_schemes.is_empty() {
        let usual = [("basic", SchemeKind::Basic), ("bearer", SchemeKind::Bearer { format: None })];
        return usual.map(|(constructor, kind)| take(None, constructor, kind.arguments())).into();
    }
    let mut all = Vec::new();
    let schemes = api.security_schemes.iter().zip(names.schemes.iter().zip(&names.flows));
    for (index, (scheme, (name, flows))) in schemes.enumerate() {
        all.push(take(Some(SchemeId(index)), name, scheme.kind.arguments()));
        // The constructor of a device flow takes a function.
        let flows = scheme.flows.iter().zip(flows).filter(|(flow, _)| !matches!(flow.grant, Grant::Device { .. }));
        all.extend(flows.map(|(flow, name)| take(Some(SchemeId(index)), name, flow.grant.arguments())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Docs, Location, SecurityScheme};

    #[test]
    fn variables_are_unique() {
        let scheme = |(name, kind): (&str, SchemeKind)| SecurityScheme {
            name: name.to_owned(),
            kind,
            flows: Vec::new(),
            docs: Docs::default(),
        };
        let key = || SchemeKind::Key(Location::Header, "X-Key".to_owned());
        let schemes = [("base_url", key()), ("login", SchemeKind::Basic), ("login_username", key()), ("type_", key())];
        let constructors = schemes.iter().map(|(name, _)| (*name).to_owned()).collect();
        let api = Api { security_schemes: schemes.map(scheme).into(), ..Api::default() };
        let names = Names { schemes: constructors, flows: vec![Vec::new(); 4], ..Names::default() };
        let variables: Vec<String> =
            credential_variables(&api, &names).into_iter().flat_map(|credential| credential.variables).collect();
        let expected = ["BASE_URL_CREDENTIAL", "LOGIN_USERNAME", "LOGIN_PASSWORD", "LOGIN_USERNAME_CREDENTIAL", "TYPE"];
        assert_eq!(variables, expected);
    }
}
