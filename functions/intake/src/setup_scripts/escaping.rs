//! Escapers for text between quotation marks, one for each language of the set-up scripts.
//!
//! Templates put quotation marks around every value that comes from outside. An escaper keeps the value from ending them.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

/// Between `'…'` of Bash, where only `'` has a meaning (Bash manual, "Single Quotes").
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct BashEscaper;

impl Escaper for BashEscaper {
    fn write_escaped_str<W: Write>(&self, dest: W, text: &str) -> Result {
        write_replaced(dest, text, |character| (character == '\'').then_some("'\\''"))
    }
}

/// Between `'…'` of PowerShell, where quotation marks are doubled, typographic ones too (`about_Quoting_Rules`).
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

/// Between `"…"` of Terraform, where `${` and `%{` start an expression (Terraform, "Strings and Templates").
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

fn write_replaced<W: Write>(mut dest: W, text: &str, replacement: impl Fn(char) -> Option<&'static str>) -> Result {
    text.chars().try_for_each(|character| match replacement(character) {
        Some(text) => dest.write_str(text),
        None => dest.write_char(character),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escape(escaper: impl Escaper, text: &str) -> String {
        let mut output = String::new();
        escaper.write_escaped_str(&mut output, text).unwrap();
        output
    }

    #[test]
    fn no_text_ends_its_quotation_marks() {
        assert_eq!(escape(BashEscaper, "it's $(x)"), r"it'\''s $(x)");
        assert_eq!(escape(PowerShellEscaper, "it's ’x’ $(x)"), "it''s ’’x’’ $(x)");
        assert_eq!(escape(TerraformEscaper, "\"a\\b\" ${x} %{y} $$"), r#"\"a\\b\" $${x} %%{y} $$"#);
        assert_eq!(escape(TerraformEscaper, "a\nb"), r"a\nb");
    }
}
