//! A picture in SVG: boxes, texts and arrows on a background, in light or dark colors as the reader prefers.

use std::fmt::Write as _;

/// The look of all pictures.
const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#1c2330}
.name,.small{text-anchor:middle}.name,.heading{font-weight:600}.small,.note{font-size:12px;fill:#4a5467}
rect{stroke-width:1.2}.page{fill:#f8fafc;stroke:#d5dbe5}.frame{fill:none;stroke:#9aa3b2}
.code{fill:#e3ebf7;stroke:#5b7bb0}.data{fill:#f6efdc;stroke:#b08d3c}
.own-check{fill:#7fb0e3}.own-debug{fill:#2f6fb7}.check{fill:#c3c9d4}.debug{fill:#8c96a8}
.line{fill:none;stroke:#7d8696;stroke-width:1.6}.head{fill:#7d8696}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.small,.note{fill:#b4bdc9}
.page{fill:#161b22;stroke:#3d444d}.frame{stroke:#59636e}.code{fill:#1e2d47}.data{fill:#3b321c}
.own-check{fill:#3f76b5}.own-debug{fill:#79b8ff}.check{fill:#4a525e}.debug{fill:#8c96a8}
}";

/// A picture under construction. Classes are those of [`STYLE`].
#[derive(Default)]
pub(super) struct Svg(String);

impl Svg {
    /// Draws a box: left, top, width and height.
    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [i32; 4]) {
        let radius = height.min(24) / 4;
        self.line(format_args!(
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>"#
        ));
    }

    /// Draws a line of text at its baseline.
    pub(super) fn text(&mut self, class: &str, [x, y]: [i32; 2], text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.line(format_args!(r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#));
    }

    /// Draws an arrow through the points.
    pub(super) fn arrow(&mut self, points: &[[i32; 2]]) {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("{x},{y}")).collect();
        let points = points.join(" ");
        self.line(format_args!(r#"<polyline class="line" points="{points}" marker-end="url(#head)"/>"#));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "{line}");
    }

    /// Returns the file.
    pub(super) fn finish(self, title: &str, [width, height]: [i32; 2]) -> String {
        let mut page = Self::default();
        page.rect("page", [1, 1, width - 2, height - 2]);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{title}</title>
<style>
{STYLE}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
{}{}</svg>
"#,
            page.0, self.0
        )
    }
}
