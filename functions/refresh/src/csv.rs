//! Lists as CSV (RFC 4180), safe to open in a spreadsheet.

use serde::Serialize;
use serde_json::Value;

/// A spreadsheet takes a cell that begins with one of these for a formula
/// ([OWASP, CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)).
const BEGINS_FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The rows with these columns, below their names. A column is the name of a member; `account.name` is that of a member's
/// member.
pub(crate) fn render(columns: &[&str], rows: &[impl Serialize]) -> Result<String, serde_json::Error> {
    let mut text = columns.join(",") + "\r\n";
    for row in rows {
        let row = serde_json::to_value(row)?;
        let cells = columns.iter().map(|column| cell(row.pointer(&format!("/{}", column.replace('.', "/")))));
        text += &(cells.collect::<Vec<_>>().join(",") + "\r\n");
    }
    Ok(text)
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text_cell(text),
        Some(Value::Array(texts)) => text_cell(&texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        Some(number) => number.to_string(),
    }
}

/// An apostrophe makes a text of what would be a formula. In Poland a spreadsheet begins another cell after a semicolon, also
/// between quotation marks, and no name needs tabs or line breaks.
fn text_cell(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let is_formula = |part: &&str| part.trim_start().starts_with(BEGINS_FORMULA);
    let parts = line.split(';').map(|part| if is_formula(&part) { format!("'{part}") } else { part.to_owned() });
    let defused = parts.collect::<Vec<_>>().join(";");
    let is_plain = !defused.contains(['"', ',', ';']) && defused.trim() == defused;
    if is_plain { defused } else { format!("\"{}\"", defused.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_has_the_cells_of_the_columns_and_nothing_more() {
        let rows = [
            json!({"user": "anna", "days_left": -3, "account": {"name": "Anna Żak"}, "findings": ["a", "b"], "more": 1}),
            json!({"user": "jan", "account": null}),
        ];
        let text = render(&["user", "days_left", "account.name", "findings"], &rows).unwrap();
        assert_eq!(text, "user,days_left,account.name,findings\r\nanna,-3,Anna Żak,a b\r\njan,,,\r\n");
        assert_eq!(render(&["user"], &[] as &[Value]).unwrap(), "user\r\n");
    }

    #[test]
    fn what_would_break_a_row_is_quoted() {
        for (text, cell) in [
            ("a,b", r#""a,b""#),
            (r#"a "b""#, r#""a ""b""""#),
            ("a\r\nb", "a  b"),
            ("a;b", r#""a;b""#),
            (" a", "\" a\""),
            ("a b", "a b"),
            ("", ""),
        ] {
            assert_eq!(text_cell(text), cell, "{text:?}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"https://evil.example\",\"a\")"] {
            let cell = text_cell(formula);
            assert!(cell.starts_with('\'') || cell.starts_with("\"'"), "{formula:?} is {cell:?}");
        }
        for (text, cell) in [
            ("Anna;=cmd|'/c calc'!A0;x", "\"Anna;'=cmd|'/c calc'!A0;x\""),
            ("Anna; +1", "\"Anna;' +1\""),
            ("Anna\n=1", "Anna =1"),
            ("\n=1", "' =1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(text_cell(text), cell, "{text:?}");
        }
    }
}
