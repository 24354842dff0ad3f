//! The bar chart of compile cost.

use super::svg::Svg;
use crate::bench_compile::OWN;
use crate::bench_compile::record::{Client, Record};

const WIDTH: i32 = 760;
/// Where bars start, and the length of the longest.
const BARS: (i32, i32) = (196, 490);
/// The height of a bar.
const BAR: i32 = 12;

/// Draws the record: for each document, two bars per generator.
pub(super) fn draw(record: &Record) -> String {
    let mut svg = Svg::default();
    let clients = record.documents.iter().flat_map(|document| &document.clients);
    let longest = clients.flat_map(|client| [client.check, client.debug]).flatten().fold(0.01, f64::max);
    svg.text("heading", [20, 34], "CPU seconds to compile a generated client");
    for (x, mode, label) in [(440, "check", "cargo check"), (570, "debug", "cargo build")] {
        svg.rect(&format!("own-{mode}"), [x, 24, BAR, BAR]);
        svg.rect(mode, [x + BAR + 2, 24, BAR, BAR]);
        svg.text("note", [x + 2 * BAR + 10, 34], label);
    }
    let mut y = 50;
    for document in &record.documents {
        svg.text("heading", [20, y + 24], &format!("{}, {} operations", document.title, document.operations));
        y += 36;
        for client in &document.clients {
            draw_client(&mut svg, client, y, longest);
            y += 2 * BAR + 10;
        }
    }
    let caption = "The compiler process of the generated crate alone, without dependencies and linking.";
    svg.text("note", [20, y + 20], caption);
    let fails = "fails: the generator fails, or its crate does not compile";
    svg.text("note", [20, y + 38], &format!("{fails}. {}.", record.rustc));
    svg.finish("Compile cost of generated clients, in CPU seconds", [WIDTH, y + 54])
}

fn draw_client(svg: &mut Svg, client: &Client, y: i32, longest: f64) {
    svg.text("", [32, y + BAR + 4], &format!("{} {}", client.generator, client.version));
    if client.debug.is_none() {
        return svg.text("note", [BARS.0, y + BAR + 4], "fails");
    }
    let prefix = if client.generator == OWN { "own-" } else { "" };
    for (seconds, mode, y) in [(client.check, "check", y), (client.debug, "debug", y + BAR)] {
        let seconds = seconds.unwrap_or_default();
        let length = ((seconds / longest * f64::from(BARS.1)) as i32).max(1);
        svg.rect(&format!("{prefix}{mode}"), [BARS.0, y, length, BAR]);
        svg.text("note", [BARS.0 + length + 6, y + BAR - 2], &format!("{seconds:.2}"));
    }
}
