//! Part of `emit`: the success and failure types of a call, and enums of responses by status code.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::facts::doc_lines;
use super::file::{FileEmitter, Module};
use super::ident;
use super::operation::Call;
use crate::call_variants::{Payload, ResponsePayload, StatusPayload};
use crate::ir::{MediaKind, StatusMatch, StreamKind, TypeRef};
use crate::name::{ResponseEnumName, is_among};
use crate::never::never;

/// Properties in lower case whose value is 0 if a call succeeded.
const CODES: &str = "code err_code errcode errno error error_code errorcode result_code resultcode ret ret_code retcode return_code \
    returncode status status_code statuscode";

/// The payload of a success or failure, and the names of its enum if the payload depends on the status code.
pub(super) type Outcome<'a> = (&'a ResponsePayload, Option<&'a ResponseEnumName>);

impl FileEmitter<'_> {
    /// Returns `Call<T, E>`.
    pub(super) fn call_type(&self, call: &Call<'_>) -> TokenStream {
        let name = self.runtime("Call");
        let [success, failure] = self.outcome_types(call);
        // `()` is the runtime's default.
        let failure = (call.calls.failure != ResponsePayload::Empty).then(|| quote!(, #failure));
        quote!(#name<#success #failure>)
    }

    /// Returns the success and failure types of a call.
    pub(super) fn outcome_types(&self, call: &Call<'_>) -> [TokenStream; 2] {
        [call.success(), self.failure(call)].map(|outcome| self.response_type(outcome))
    }

    /// Returns the type of a success or failure.
    fn response_type(&self, outcome: Outcome<'_>) -> TokenStream {
        match outcome {
            (ResponsePayload::One(payload), _) => self.payload_type(*payload),
            (ResponsePayload::ByStatus(_), name) => self.enum_type(name),
            (ResponsePayload::Empty, _) => quote!(()),
        }
    }

    /// Returns an enum of responses, from this file or from the file of shared errors.
    fn enum_type(&self, name: Option<&ResponseEnumName>) -> TokenStream {
        let Some(name) = name else { return never!(quote!(Answer), "an enum of responses has no name") };
        let ident = ident(&name.ident);
        if !name.is_shared {
            return ident.into_token_stream();
        }
        let module = self.import(Module::Api, &self.names.errors);
        quote!(#module::#ident)
    }

    fn payload_type(&self, payload: Payload) -> TokenStream {
        let ty = match payload {
            Payload { used: Some(used), .. } => self.rust_type(used),
            Payload { kind: MediaKind::Binary, .. } => self.runtime("Bytes"),
            Payload { used: None, .. } => quote!(String),
        };
        if let MediaKind::Stream(kind) = payload.kind {
            let stream = self.runtime(if is_events(kind) { "EventStream" } else { "ItemStream" });
            return quote!(#stream<#ty>);
        }
        ty
    }

    /// Returns the runtime's decoder of a response. `empty` is the decoder of a response without a body.
    pub(super) fn decoder(&self, (response, name): Outcome<'_>, empty: &str) -> TokenStream {
        let payload = match response {
            ResponsePayload::Empty => None,
            ResponsePayload::One(payload) => Some(*payload),
            ResponsePayload::ByStatus(_) => {
                let name = self.enum_type(name);
                return quote!(#name::decode);
            }
        };
        let (decode, function) = (self.codegen("decode"), decoder(payload, empty));
        let codec = payload.and_then(|payload| self.codec(payload.used?));
        if let Some(root) = payload.and_then(|payload| self.xml_root(payload)) {
            let codec = codec.unwrap_or_else(|| quote!(()));
            return quote!(|response| #decode::xml::<_, #codec>(response, #root));
        }
        let decoder = match codec {
            Some(codec) => {
                let function = ident(format!("{function}_as"));
                quote!(#decode::#function::<_, #codec>)
            }
            None => quote!(#decode::#function),
        };
        match payload.and_then(|payload| self.confirmation(payload)) {
            Some((property, Value::Bool(_))) => quote!(|response| #decode::confirmed(response, #property, #decoder)),
            Some((property, value)) => {
                let value = value.to_string();
                quote!(|response| #decode::stated(response, #property, #value, #decoder))
            }
            None => decoder,
        }
    }

    /// Returns the property that must be `true`, `0` or `"ok"`, and its value. Servers with a constant status code report failures with
    /// it.
    fn confirmation(&self, payload: Payload) -> Option<(&str, &Value)> {
        let used = payload.used.filter(|_| payload.kind == MediaKind::Json)?;
        let confirms = |(name, value): &(&str, &Value)| match value {
            Value::String(text) => is_among(&text.to_ascii_lowercase(), &["ok success"]),
            Value::Bool(is_true) => *is_true,
            // Other numbers may be kinds of objects.
            value => value.as_i64() == Some(0) && is_among(&name.to_ascii_lowercase(), &[CODES]),
        };
        let fields = self.resolved(used).fields().iter().filter(|field| field.required_when_read);
        fields.filter_map(|field| Some((field.wire_name.as_str(), field.constant.as_ref()?))).find(confirms)
    }

    /// Returns the payload of the failures of a call.
    pub(super) fn failure<'o>(&'o self, call: &Call<'o>) -> Outcome<'o> {
        let shared = call.calls.shared_failure.and_then(|first| self.names.shared_failures.get(&first));
        (&call.calls.failure, shared.or(call.name.failure.as_ref()))
    }

    /// Writes the file of failure enums that several operations share.
    pub(super) fn errors(&self) -> TokenStream {
        self.inner_docs(&["Errors that several operations have in common, by status."]);
        let all = self.names.shared_failures.iter();
        let failures = all.filter_map(|(first, name)| Some((&self.context.calls.get(*first)?.failure, name)));
        let by_name: BTreeMap<_, _> = failures.map(|(failure, name)| (&name.ident, (failure, Some(name)))).collect();
        let text = "Documented errors of several operations, by status.";
        by_name.into_values().map(|outcome| self.response_enum(outcome, text)).collect()
    }

    /// Writes the enum of a method's errors by status code, or an alias if operations share it.
    pub(super) fn failure_item(&self, call: &Call<'_>, method: &str) -> TokenStream {
        let text = format!("Documented errors of [`{method}`], by status.");
        match (self.failure(call), &call.name.failure) {
            (shared @ (_, Some(ResponseEnumName { is_shared: true, .. })), Some(own)) => {
                let (docs, alias, shared) = (self.docs(&[text]), ident(&own.ident), self.response_type(shared));
                quote!(#docs pub type #alias = #shared;)
            }
            (own, _) => self.response_enum(own, &text),
        }
    }

    /// Writes the enum of responses by status code, if the payload depends on it.
    pub(super) fn response_enum(&self, outcome: Outcome<'_>, text: &str) -> TokenStream {
        let (ResponsePayload::ByStatus(statuses), Some(name)) = outcome else {
            return TokenStream::new();
        };
        let enum_ident = ident(&name.ident);
        let docs = self.docs(&[text]);
        let variants: Vec<_> = name.variants.iter().map(ident).collect();
        let variant_docs = statuses.iter().map(|StatusPayload { status, media_type, docs, .. }| {
            let media_type = media_type.as_ref().map(|name| format!(", as `{name}`")).unwrap_or_default();
            self.docs(&doc_lines(docs, &format!("Status `{status}`{media_type}."), &[]))
        });
        let payloads = statuses.iter().map(|status| self.variant_payload(status));
        let arms = statuses.iter().zip(&variants).map(|(status, variant)| {
            let (pattern, decoder) = (pattern(status.status), decoder(status.payload, "empty"));
            let marker = status.payload.and_then(|payload| self.codec(payload.used?)).map(|codec| quote!(as #codec));
            let root = status.payload.and_then(|payload| self.xml_root(payload)).map(|root| quote!([#root]));
            let media_type = status.media_type.as_deref().map(|name| quote!(if #name));
            quote!(#pattern #media_type => #variant(#decoder #root #marker),)
        });
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #enum_ident { #(#variant_docs #variants #payloads,)* }
            clientwright_runtime::codegen::responses!(#enum_ident { #(#arms)* });
        }
    }

    fn variant_payload(&self, status: &StatusPayload) -> Option<TokenStream> {
        let mut payload = status.payload?;
        if matches!(payload.kind, MediaKind::Json | MediaKind::Xml) {
            payload.used = payload.used.map(|used| TypeRef { boxed: self.resolved(used).is_large(), ..used });
        }
        let ty = self.payload_type(payload);
        Some(quote!((#ty)))
    }
}

/// Returns `true` if the items of a stream are server-sent events.
pub(super) fn is_events(kind: StreamKind) -> bool {
    !matches!(kind, StreamKind::JsonLines | StreamKind::JsonSequence)
}

/// Returns the name of the runtime's decoder of a body; `empty` without a body.
fn decoder(payload: Option<Payload>, empty: &str) -> Ident {
    ident(match payload.map(|payload| payload.kind) {
        None => empty,
        Some(MediaKind::Json) => "json",
        Some(MediaKind::Xml) => "xml",
        Some(MediaKind::Text) => "text",
        Some(MediaKind::Stream(kind)) => match kind {
            StreamKind::JsonEvents => "events",
            StreamKind::TextEvents => "text_events",
            StreamKind::EventObjects => "event_objects",
            StreamKind::TextEventObjects => "text_event_objects",
            StreamKind::JsonLines => "json_lines",
            StreamKind::JsonSequence => "json_sequence",
        },
        // Responses are never forms.
        Some(MediaKind::Binary | MediaKind::Form | MediaKind::Multipart) => "bytes",
    })
}

/// Returns the pattern of a status code, in the syntax of `responses!`.
fn pattern(status: StatusMatch) -> TokenStream {
    let literal = Literal::u16_unsuffixed;
    match status {
        StatusMatch::Code(code) => literal(code).into_token_stream(),
        StatusMatch::Range(hundred) => {
            let first = u16::from(hundred) * 100;
            let [first, last] = [first, first + 99].map(literal);
            quote!(#first..=#last)
        }
        StatusMatch::Default => quote!(_),
    }
}
