//! How a text stands between the quotation marks of a language, and stays a text. Templates put quotation marks around
//! whatever comes from outside; these see to it that nothing gets out of them.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

/// Between `'…'` of Bash, where only `'` means something (Bash manual, "Single Quotes").
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bash;

impl Escaper for Bash {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> Result {
        replaced(dest, text, |character| (character == '\'').then_some("'\\''"))
    }
}

/// Between `'…'` of PowerShell, where a mark is doubled, and typographic ones count too (`about_Quoting_Rules`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PowerShell;

impl Escaper for PowerShell {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> Result {
        replaced(dest, text, |character| match character {
            '\'' => Some("''"),
            '‘' => Some("‘‘"),
            '’' => Some("’’"),
            '‚' => Some("‚‚"),
            '‛' => Some("‛‛"),
            _ => None,
        })
    }
}

/// Between `"…"` of Terraform, where `${` and `%{` begin an expression (Terraform, "Strings and Templates").
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terraform;

impl Escaper for Terraform {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        let text = text.replace("${", "$${").replace("%{", "%%{");
        replaced(&mut dest, &text, |character| match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            _ => None,
        })
    }
}

fn replaced<W: Write>(mut dest: W, text: &str, by: impl Fn(char) -> Option<&'static str>) -> Result {
    text.chars().try_for_each(|character| match by(character) {
        Some(other) => dest.write_str(other),
        None => dest.write_char(character),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(escaper: impl Escaper, text: &str) -> String {
        let mut quoted = String::new();
        escaper.write_escaped_str(&mut quoted, text).unwrap();
        quoted
    }

    #[test]
    fn nothing_gets_out_of_its_quotation_marks() {
        assert_eq!(quoted(Bash, "it's $(x)"), r"it'\''s $(x)");
        assert_eq!(quoted(PowerShell, "it's ’x’ $(x)"), "it''s ’’x’’ $(x)");
        assert_eq!(quoted(Terraform, "\"a\\b\" ${x} %{y} $$"), r#"\"a\\b\" $${x} %%{y} $$"#);
        assert_eq!(quoted(Terraform, "a\nb"), r"a\nb");
    }
}
