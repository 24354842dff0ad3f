//! The pages with code: each block of Rust is a test. `tests/tests/generator/guide.rs` finds pages that are missing here.

macro_rules! pages {
    ($($page:ident: $path:literal),* $(,)?) => {
        $(#[doc = include_str!(concat!("../../", $path))] pub struct $page;)*
    };
}

pages! {
    Readme: "README.md",
    Home: "docs/README.md",
    Blocking: "docs/guide/blocking.md",
    Credentials: "docs/guide/credentials.md",
    Errors: "docs/guide/errors.md",
    Examples: "docs/guide/examples.md",
    Features: "docs/guide/features.md",
    Files: "docs/guide/files.md",
    FirstCall: "docs/guide/first-call.md",
    Observability: "docs/guide/observability.md",
    PagesAndJobs: "docs/guide/pages-and-jobs.md",
    RetriesAndTimeouts: "docs/guide/retries-and-timeouts.md",
    Streams: "docs/guide/streams.md",
    Testing: "docs/guide/testing.md",
    Unions: "docs/guide/unions.md",
    Values: "docs/guide/values.md",
    Wasm: "docs/guide/wasm.md",
    Xml: "docs/guide/xml.md",
    Troubleshooting: "docs/troubleshooting.md",
    Start: "docs/maintain/start.md",
    TroubleshootingOfMaintainers: "docs/maintain/troubleshooting.md",
    Progenitor: "docs/migrate/progenitor.md",
    OpenapiGenerator: "docs/migrate/openapi-generator.md",
    HandWritten: "docs/migrate/hand-written.md",
}
