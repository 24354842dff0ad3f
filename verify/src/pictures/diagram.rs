//! Diagrams of boxes and arrows.
//!
//! In: boxes with their places, and arrows between boxes. Out: SVG. Invariant: an arrow starts and ends at the edge of a box.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::svg::Svg;

/// The description of a diagram.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Diagram {
    title: String,
    /// Width and height.
    size: [i32; 2],
    boxes: Vec<Block>,
    #[serde(default)]
    rows: Vec<Row>,
    #[serde(default)]
    notes: Vec<Note>,
    arrows: Vec<Arrow>,
}

/// A box. Arrows refer to a box by its first line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    /// Left, top, width and height.
    at: [i32; 4],
    /// A class of the style.
    #[serde(default = "code")]
    kind: String,
    lines: Vec<String>,
}

fn code() -> String {
    "code".to_owned()
}

/// Boxes of equal size, from left to right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The position of the first box.
    at: [i32; 4],
    gap: i32,
    names: Vec<String>,
}

/// Lines of text next to an arrow or a box.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    at: [i32; 2],
    lines: Vec<String>,
}

/// Arrows from each box to the next.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arrow {
    through: Vec<String>,
    /// Whether the arrow leaves and enters on the right, through this column.
    around: Option<i32>,
}

/// The distance between lines of text.
const LINE: i32 = 16;

/// Draws a diagram. Returns an error if an arrow refers to an unknown box.
pub(super) fn draw(mut diagram: Diagram) -> Result<String, String> {
    let mut svg = Svg::default();
    for Row { at: [x, y, width, height], gap, names } in diagram.rows {
        let places = (x..).step_by(usize::try_from(width + gap).unwrap_or(1)).map(|x| [x, y, width, height]);
        diagram.boxes.extend(places.zip(names).map(|(at, name)| Block { at, kind: code(), lines: vec![name] }));
    }
    for block in &diagram.boxes {
        draw_block(&mut svg, block);
    }
    for Note { at: [x, y], lines } in &diagram.notes {
        for (line, y) in lines.iter().zip((*y..).step_by(LINE as usize)) {
            svg.text("note", [*x, y], line);
        }
    }
    let places: BTreeMap<&str, [i32; 4]> =
        diagram.boxes.iter().filter_map(|block| Some((block.lines.first()?.as_str(), block.at))).collect();
    let place = |name: &String| places.get(name.as_str()).copied().ok_or_else(|| format!("there is no box `{name}`"));
    for Arrow { through, around } in &diagram.arrows {
        for (from, to) in through.iter().zip(through.iter().skip(1)) {
            svg.arrow(&route(place(from)?, place(to)?, *around));
        }
    }
    Ok(svg.finish(&diagram.title, diagram.size))
}

fn draw_block(svg: &mut Svg, Block { at, kind, lines }: &Block) {
    let [x, y, width, height] = *at;
    svg.rect(kind, *at);
    let top = y + (height - LINE * lines.len() as i32) / 2 + 12;
    for (index, (line, y)) in lines.iter().zip((top..).step_by(LINE as usize)).enumerate() {
        match (kind.as_str(), index) {
            ("frame", _) => svg.text("note", [x + 12, y], line),
            (_, 0) => svg.text("name", [x + width / 2, y], line),
            _ => svg.text("small", [x + width / 2, y], line),
        }
    }
}

/// Returns the path from one box to another: straight if the boxes are aligned, otherwise first up or down.
fn route(from: [i32; 4], to: [i32; 4], around: Option<i32>) -> Vec<[i32; 2]> {
    let spans = |[x, y, width, height]: [i32; 4]| ([x, x + width], [y, y + height]);
    let ((from_x, from_y), (to_x, to_y)) = (spans(from), spans(to));
    if let Some(x) = around {
        let (start, end) = (middle(from_y), middle(to_y));
        return vec![[from_x[1], start], [x, start], [x, end], [to_x[1], end]];
    }
    let ((left, right), (top, bottom)) = (facing(from_x, to_x), facing(from_y, to_y));
    if let Some(x) = shared(from_x, to_x) {
        return vec![[x, top], [x, bottom]];
    }
    if let Some(y) = shared(from_y, to_y) {
        return vec![[left, y], [right, y]];
    }
    let (x, y) = (middle(from_x), middle(to_y));
    vec![[x, top], [x, y], [right, y]]
}

fn middle([start, end]: [i32; 2]) -> i32 {
    (start + end) / 2
}

/// Returns the facing ends of two spans.
fn facing(from: [i32; 2], to: [i32; 2]) -> (i32, i32) {
    if from[1] <= to[0] { (from[1], to[0]) } else { (from[0], to[1]) }
}

/// Returns the middle of the overlap of two spans.
fn shared(one: [i32; 2], other: [i32; 2]) -> Option<i32> {
    let (start, end) = (one[0].max(other[0]), one[1].min(other[1]));
    (start < end).then(|| middle([start, end]))
}
