//! The tables of our documents that tests compare with the code. Each stands between two markers:
//! `<!-- name -->` and `<!-- /name -->`.

use crate::tree;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its cells, without the blanks around them.
    pub cells: Vec<String>,
    /// Its line in the document.
    pub line: usize,
}

/// The table between two markers of a document of ours.
///
/// # Errors
/// A sentence that says what is missing: the document, a marker, or a column.
pub fn table(path: &str, marker: &str, columns: &[&str]) -> Result<Vec<Row>, String> {
    let text = tree::read(path).map_err(|error| {
        format!(
            "{error}; it must have the table `{}` between <!-- {marker} --> and <!-- /{marker} -->",
            columns.join(" | ")
        )
    })?;
    table_in(&text, marker, columns).map_err(|error| format!("{path}: {error}"))
}

/// The same in a text that was read. `columns` are the first of the header's.
///
/// # Errors
/// As [`table`].
pub fn table_in(text: &str, marker: &str, columns: &[&str]) -> Result<Vec<Row>, String> {
    let (begin, end) = (format!("<!-- {marker} -->"), format!("<!-- /{marker} -->"));
    let at = |mark: &str| text.lines().position(|line| line.trim() == mark).ok_or(format!("there is no line {mark}"));
    let (begin, end) = (at(&begin)?, at(&end)?);
    let lines = text.lines().enumerate().take(end).skip(begin + 1);
    let mut rows = lines.filter(|(_, line)| line.trim().starts_with('|')).map(|(at, line)| row(at + 1, line));
    let header = rows.next().ok_or(format!("there is no table after <!-- {marker} -->"))?;
    if !header.cells.iter().map(String::as_str).zip(columns.iter().copied()).all(|(is, should)| is == should)
        || header.cells.len() < columns.len()
    {
        return Err(format!("line {}: the columns must be `{}`", header.line, columns.join(" | ")));
    }
    let ruler = |row: &Row| row.cells.iter().all(|cell| cell.chars().all(|c| c == '-' || c == ':'));
    let rows: Vec<Row> = rows.filter(|row| !ruler(row)).collect();
    match rows.iter().find(|row| row.cells.len() != header.cells.len()) {
        Some(row) => Err(format!("line {}: the row has {} cells", row.line, row.cells.len())),
        None => Ok(rows),
    }
}

fn row(line: usize, text: &str) -> Row {
    let text = text.trim().trim_start_matches('|').trim_end_matches('|');
    Row { cells: text.split('|').map(|cell| cell.trim().to_owned()).collect(), line }
}

/// What stands in backticks in a cell.
#[must_use]
pub fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// What stands in a cell outside of backticks.
#[must_use]
pub fn unquoted(cell: &str) -> String {
    cell.split('`').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# X\n<!-- t -->\n\n| a | b |\n|---|:--|\n| `x`, `y` | 1 |\n<!-- /t -->\n| no | no |\n";

    #[test]
    fn the_rows_between_the_markers_are_read() {
        let rows = table_in(DOCUMENT, "t", &["a", "b"]).unwrap();
        assert_eq!(rows, [Row { cells: vec!["`x`, `y`".into(), "1".into()], line: 6 }]);
        assert_eq!((quoted(&rows[0].cells[0]), unquoted(&rows[0].cells[0])), (vec!["x", "y"], ", ".to_owned()));
    }

    #[test]
    fn what_a_document_lacks_is_said() {
        assert_eq!(table_in("", "t", &["a"]).unwrap_err(), "there is no line <!-- t -->");
        assert_eq!(table_in(DOCUMENT, "t", &["a", "c"]).unwrap_err(), "line 4: the columns must be `a | c`");
        let short = DOCUMENT.replace("| `x`, `y` | 1 |", "| 1 |");
        assert_eq!(table_in(&short, "t", &["a", "b"]).unwrap_err(), "line 6: the row has 1 cells");
        assert!(table("NOWHERE.md", "t", &["a"]).unwrap_err().contains("NOWHERE.md cannot be read"));
    }
}
