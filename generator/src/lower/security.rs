//! Part of `lower`: security schemes and requirements.
//!
//! In: `components/securitySchemes`, `security` of the document and of operations. Out: the schemes that are in use and,
//! for each operation, the alternatives that suffice.
//!
//! Invariant: an operation that needs a credential is never generated as one that needs none.

use std::collections::BTreeMap;

use openapiv3::{APIKeyLocation, SecurityRequirement, SecurityScheme as Scheme};

use super::context::Context;
use super::notes;
use crate::ir::{Docs, Requirement, SchemeId, SchemeKind, SecurityScheme};
use crate::resolve::{component_pointer, nearest};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// The document's schemes, and which of them are in use.
#[derive(Debug, Default)]
pub(super) struct Schemes {
    all: Vec<Known>,
    index: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Known {
    name: String,
    origin: Pointer,
    docs: Docs,
    /// What the runtime can apply; otherwise what the document asks for.
    kind: Result<SchemeKind, String>,
    used: bool,
}

impl Schemes {
    /// The schemes under `components/securitySchemes`.
    pub(super) fn of(context: &mut Context<'_>) -> Self {
        let mut schemes = Self::default();
        let Some(components) = &context.document.components else { return schemes };
        for (name, place) in &components.security_schemes {
            let at = component_pointer("securitySchemes", name);
            let Some(found) = context.reported(context.resolver.resolve(place, &at)) else { continue };
            let (kind, docs) = scheme(found.item);
            schemes.index.insert(name.clone(), schemes.all.len());
            schemes.all.push(Known { name: name.clone(), origin: found.at, docs, kind, used: false });
        }
        schemes
    }

    /// The schemes in use. Only now do ids mean what [`Requirement`] says; see [`Schemes::renumber`].
    pub(super) fn used(&self) -> Vec<SecurityScheme> {
        let used = self.all.iter().filter(|known| known.used);
        used.filter_map(|Known { name, origin, docs, kind, used: _ }| {
            let kind = kind.clone().ok()?;
            Some(SecurityScheme { name: name.clone(), kind, docs: docs.clone(), origin: origin.clone() })
        })
        .collect()
    }

    /// Turns indices into all schemes into indices into those in use.
    pub(super) fn renumber(&self, requirements: &mut [Requirement]) {
        let rank = |index: usize| self.all.iter().take(index).filter(|known| known.used).count();
        for scheme in requirements.iter_mut().flat_map(|requirement| &mut requirement.schemes) {
            *scheme = SchemeId(rank(scheme.0));
        }
    }

    /// Marks the schemes of an operation that is generated.
    pub(super) fn mark(&mut self, requirements: &[Requirement]) {
        for scheme in requirements.iter().flat_map(|requirement| &requirement.schemes) {
            if let Some(known) = self.all.get_mut(scheme.0) {
                known.used = true;
            }
        }
    }

    /// The alternatives of an operation (OpenAPI 3.0.3 §4.7.30).
    ///
    /// `None` if credentials are needed and none of the alternatives can be met, which is reported.
    pub(super) fn requirements(
        &self,
        context: &mut Context<'_>,
        operation: &str,
        security: &[SecurityRequirement],
        at: &Pointer,
    ) -> Option<Vec<Requirement>> {
        let mut met = Vec::new();
        let mut dropped = Vec::new();
        for (index, alternative) in security.iter().enumerate() {
            let at = at.index(index);
            let mut requirement = Requirement::default();
            let mut possible = true;
            for name in alternative.keys() {
                match self.index.get(name).and_then(|index| Some((*index, self.all.get(*index)?))) {
                    Some((index, Known { kind: Ok(_), .. })) => requirement.schemes.push(SchemeId(index)),
                    Some((_, Known { kind: Err(asked), .. })) => {
                        possible = false;
                        dropped.push((at.clone(), name.clone(), asked.clone()));
                    }
                    None => {
                        possible = false;
                        self.unknown(context, name, &at);
                    }
                }
            }
            if possible {
                met.push(requirement);
            }
        }
        let impossible = met.is_empty() && !security.is_empty();
        for (at, name, asked) in dropped {
            let outcome = if impossible {
                format!("the operation `{operation}` is not generated")
            } else {
                "this alternative is ignored".to_owned()
            };
            let message = format!("`{name}` requires {asked}, which is not supported: {outcome}");
            context.unsupported(codes::UNSUPPORTED_SECURITY, &at, message);
        }
        (!impossible).then_some(met)
    }

    fn unknown(&self, context: &mut Context<'_>, name: &str, at: &Pointer) {
        let names: Vec<_> = self.index.keys().map(String::as_str).collect();
        let message = format!("`components/securitySchemes` has no `{name}`");
        let diagnostic =
            Diagnostic::invalid(codes::UNKNOWN_SECURITY_SCHEME, context.file, at.key(name), message).at_key();
        context.report(match nearest(name, &names) {
            Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }
}

/// How a scheme sends its credential, or what it requires instead; and what people wrote about it.
fn scheme(scheme: &Scheme) -> (Result<SchemeKind, String>, Docs) {
    let (kind, description, extensions) = match scheme {
        Scheme::APIKey { location, name, description, extensions } => {
            let kind = match location {
                APIKeyLocation::Query => SchemeKind::QueryKey(name.clone()),
                APIKeyLocation::Header => SchemeKind::HeaderKey(name.clone()),
                APIKeyLocation::Cookie => SchemeKind::CookieKey(name.clone()),
            };
            (Ok(kind), description, extensions)
        }
        Scheme::HTTP { scheme, bearer_format, description, extensions } => {
            // RFC 9110 §11.1: names of schemes are compared without regard to case.
            let kind = match scheme.to_ascii_lowercase().as_str() {
                "basic" => Ok(SchemeKind::Basic),
                "bearer" => Ok(SchemeKind::Bearer { format: bearer_format.clone() }),
                "digest" => Ok(SchemeKind::Digest),
                _ => Err(format!("the HTTP scheme `{scheme}`")),
            };
            (kind, description, extensions)
        }
        // How the token is obtained is the caller's business; it is sent as in RFC 6750.
        Scheme::OAuth2 { flows: _, description, extensions }
        | Scheme::OpenIDConnect { open_id_connect_url: _, description, extensions } => {
            (Ok(SchemeKind::Bearer { format: None }), description, extensions)
        }
    };
    let mut docs = notes::described(description.as_ref(), extensions);
    if let Scheme::OpenIDConnect { open_id_connect_url, .. } = scheme {
        docs.url = Some(open_id_connect_url.clone());
    }
    (kind, docs)
}
