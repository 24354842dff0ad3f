//! A table as text: the first column is left-aligned, numbers are right-aligned.
//!
//! In: a header and rows. Out: lines. Invariant: cells are aligned with their column's header.

/// Lays out a table. Rows are as long as the header.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |index: usize| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.chars().count());
        cells.chain(header.get(index).map(|name| name.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let mut text = String::new();
    for row in std::iter::once(&header).chain(rows) {
        let cells = row.iter().zip(&widths).enumerate().map(|(index, (cell, width))| {
            if index == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Formats bytes as megabytes.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{}", bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["lakefs", "134"].map(str::to_owned).to_vec(), ["k8s", "1"].map(str::to_owned).to_vec()];
        assert_eq!(table(&["document", "ops"], &rows), "document  ops\nlakefs    134\nk8s         1\n");
    }
}
