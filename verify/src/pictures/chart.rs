//! Bar charts of recorded figures: compile cost, and the speed of the codec.

use super::svg::Svg;
use crate::bench::count::Unit;
use crate::bench::record::Record as Speed;
use crate::bench_compile::OWN;
use crate::bench_compile::record::{Client, Record};

const WIDTH: i32 = 760;
/// The start of bars, and the length of the longest.
const BARS: (i32, i32) = (196, 490);
/// The height of a bar.
const BAR: i32 = 12;

/// A chart with two bars in each row, compared group by group.
struct Chart {
    heading: &'static str,
    /// The meanings of the two bars in a row.
    legend: [&'static str; 2],
    groups: Vec<(String, Vec<Row>)>,
    /// Lines below the bars.
    notes: Vec<String>,
}

/// A row of a chart.
struct Row {
    label: String,
    is_ours: bool,
    /// The values of the two bars; `None` if nothing could be measured.
    values: Option<[f64; 2]>,
}

/// Draws compile cost: for each document, a row per generator.
pub(super) fn compile_cost(record: &Record) -> String {
    let row = |client: &Client| Row {
        label: format!("{} {}", client.generator, client.version),
        is_ours: client.generator == OWN,
        values: client.check.zip(client.debug).map(|(check, debug)| [check, debug]),
    };
    let groups = record.documents.iter().map(|document| {
        let title = format!("{}, {} operations", document.title, document.operations);
        (title, document.clients.iter().map(row).collect())
    });
    let fails = "fails: the generator fails, or its crate does not compile";
    let chart = Chart {
        heading: "CPU seconds to compile a generated client",
        legend: ["cargo check", "cargo build"],
        groups: groups.collect(),
        notes: vec![
            "The compiler process of the generated crate alone, without dependencies and linking.".to_owned(),
            format!("{fails}. {}.", record.rustc),
        ],
    };
    chart.draw("Compile cost of generated clients, in CPU seconds")
}

/// Draws the speed of the codec: for each document, the codec and `serde_json`.
pub(super) fn codec(record: &Speed) -> String {
    let rows: Vec<_> =
        record.rows.iter().filter(|row| row.group == "codec" && row.unit == Unit::Instructions).collect();
    let groups = rows.chunks_exact(2).filter_map(|pair| {
        let millions = |of: [Option<u64>; 2]| Some([of[0]? as f64 / 1e6, of[1]? as f64 / 1e6]);
        let name = pair[0].name.split_once(' ')?.1;
        let ours =
            Row { label: OWN.to_owned(), is_ours: true, values: millions([Some(pair[0].ours), Some(pair[1].ours)]) };
        let rival =
            Row { label: "serde_json".to_owned(), is_ours: false, values: millions([pair[0].rival, pair[1].rival]) };
        Some((name.to_owned(), vec![ours, rival]))
    });
    let chart = Chart {
        heading: "Million instructions for 500 kB of JSON",
        legend: ["decode", "encode"],
        groups: groups.collect(),
        notes: vec![format!("Fewer are better. serde_json with derived types. {}.", record.rustc)],
    };
    chart.draw("Cost of decoding and encoding JSON, in million instructions")
}

impl Chart {
    fn draw(&self, title: &str) -> String {
        let mut svg = Svg::default();
        let rows = self.groups.iter().flat_map(|(_, rows)| rows);
        let longest = rows.filter_map(|row| row.values).flatten().fold(0.01, f64::max);
        svg.text("heading", [20, 34], self.heading);
        for (x, mode, label) in [(440, "check", self.legend[0]), (570, "debug", self.legend[1])] {
            svg.rect(&format!("own-{mode}"), [x, 24, BAR, BAR]);
            svg.rect(mode, [x + BAR + 2, 24, BAR, BAR]);
            svg.text("note", [x + 2 * BAR + 10, 34], label);
        }
        let mut y = 50;
        for (title, rows) in &self.groups {
            svg.text("heading", [20, y + 24], title);
            y += 36;
            for row in rows {
                row.draw(&mut svg, y, longest);
                y += 2 * BAR + 10;
            }
        }
        for note in &self.notes {
            svg.text("note", [20, y + 20], note);
            y += 18;
        }
        svg.finish(title, [WIDTH, y + 18])
    }
}

impl Row {
    fn draw(&self, svg: &mut Svg, y: i32, longest: f64) {
        svg.text("", [32, y + BAR + 4], &self.label);
        let Some([first, second]) = self.values else { return svg.text("note", [BARS.0, y + BAR + 4], "fails") };
        let prefix = if self.is_ours { "own-" } else { "" };
        for (value, mode, y) in [(first, "check", y), (second, "debug", y + BAR)] {
            let length = ((value / longest * f64::from(BARS.1)) as i32).max(1);
            svg.rect(&format!("{prefix}{mode}"), [BARS.0, y, length, BAR]);
            svg.text("note", [BARS.0 + length + 6, y + BAR - 2], &format!("{value:.2}"));
        }
    }
}
