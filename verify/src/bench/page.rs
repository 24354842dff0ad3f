//! The page `docs/PERFORMANCE.md`.

use std::fmt::Write as _;

use super::count::Unit;
use super::record::{Record, Row};

const HEAD: &str = "# Performance

<!-- Written by cargo xtask bench --record. Do not edit. -->

Valgrind counts instructions and allocations, so two runs of one build agree on any machine of one architecture.
`cargo xtask bench-compile DOCUMENT --peers` measures what it costs to compile a client.

```sh
cargo xtask bench DOCUMENTS
cargo xtask bench DOCUMENTS --against main
```

The first command compares with this page, the second with another revision. `--check` fails if a figure is more than 3% worse.
";

const CODEC: &str = "
## JSON

![Instructions to decode and encode JSON, beside serde_json](performance.svg)

Lists of 500 kB, decoded and encoded by generated types, and by the same types with serde's derive and `serde_json`. Every document is
in `verify/bench/src/documents.rs`.

| document | decode | serde_json | ratio | encode | serde_json | ratio |
|---|---:|---:|---:|---:|---:|---:|
";

const CALL: &str = "
## Calls

A call with a JSON body and a JSON response to a server in the same program, beside the same call with `reqwest` and `serde_json`. The
figures include the server. *Limited* means with retries, time limits and an observer.

| call | instructions | by hand | ratio | allocations | by hand |
|---|---:|---:|---:|---:|---:|
";

const COMMAND: &str = "
## Normalizing and generating

| command | million instructions |
|---|---:|
";

/// Renders the page.
pub(crate) fn render(record: &Record) -> String {
    let mut page = format!("{HEAD}\nCompiler: {}.\n", record.rustc);
    let of = |group: &str, unit: Unit| -> Vec<&Row> {
        record.rows.iter().filter(|row| row.group == group && row.unit == unit).collect()
    };
    page.push_str(CODEC);
    for rows in of("codec", Unit::Instructions).chunks(2) {
        let name = rows.first().and_then(|row| row.name.split_once(' ')).map_or("", |(_, name)| name);
        let cells: Vec<String> = rows.iter().map(|row| beside(row, 1000)).collect();
        let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
    }
    page.push_str("\nIn thousand instructions. Times of the same build, as ratios; more than 1 is faster:\n\n");
    page.push_str(&record.times);
    page.push_str(CALL);
    for (work, memory) in of("call", Unit::Instructions).iter().zip(of("call", Unit::Allocations)) {
        let rival = memory.rival.unwrap_or_default();
        let _ = writeln!(page, "| {} | {} | {} | {rival} |", work.name, beside(work, 1), memory.ours);
    }
    page.push_str(COMMAND);
    for row in of("command", Unit::Instructions) {
        let _ = writeln!(page, "| {} | {} |", row.name, row.ours / 1_000_000);
    }
    page
}

/// Returns three cells: our figure, the other one, and their ratio.
fn beside(row: &Row, unit: u64) -> String {
    let rival = row.rival.unwrap_or_default();
    format!("{} | {} | {:.2}", row.ours / unit, rival / unit, rival as f64 / row.ours.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::read;

    #[test]
    fn the_page_is_that_of_the_record() {
        let docs = crate::root().join("docs");
        let record = serde_json::from_str(&read(&docs.join("performance.json")).unwrap()).unwrap();
        assert_eq!(render(&record), read(&docs.join("PERFORMANCE.md")).unwrap());
    }
}
