//! How a text stands between the quotation marks of a language, and stays a text. Templates put quotation marks around
//! whatever comes from outside; these see to it that nothing gets out of them.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

/// Between `'…'` of Bash, where only `'` means something (Bash manual, "Single Quotes").
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BashEscaper;

impl Escaper for BashEscaper {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> Result {
        write_replaced(dest, text, |character| (character == '\'').then_some("'\\''"))
    }
}

/// Between `'…'` of PowerShell, where a mark is doubled, and typographic ones count too (`about_Quoting_Rules`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PowerShellEscaper;

impl Escaper for PowerShellEscaper {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> Result {
        write_replaced(dest, text, |character| match character {
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
pub(crate) struct TerraformEscaper;

impl Escaper for TerraformEscaper {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> Result {
        let text = text.replace("${", "$${").replace("%{", "%%{");
        write_replaced(&mut dest, &text, |character| match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            _ => None,
        })
    }
}

fn write_replaced<W: Write>(mut dest: W, text: &str, by: impl Fn(char) -> Option<&'static str>) -> Result {
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
        assert_eq!(quoted(BashEscaper, "it's $(x)"), r"it'\''s $(x)");
        assert_eq!(quoted(PowerShellEscaper, "it's ’x’ $(x)"), "it''s ’’x’’ $(x)");
        assert_eq!(quoted(TerraformEscaper, "\"a\\b\" ${x} %{y} $$"), r#"\"a\\b\" $${x} %%{y} $$"#);
        assert_eq!(quoted(TerraformEscaper, "a\nb"), r"a\nb");
    }
}
