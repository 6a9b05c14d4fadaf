//! The link to a meeting as a QR code (ISO/IEC 18004), for a printed invitation.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use shared::http::problem::{Problem, ProblemKind};

/// Level M: a reader restores up to 15 % of the code.
const LEVEL: EcLevel = EcLevel::M;

/// The width of a module in pixels.
const MODULE: u32 = 4;

/// The code of a link as SVG, with the quiet zone that scanners need.
pub(crate) fn render(link: &str) -> Result<String, Problem> {
    let internal = |error| Problem::from(ProblemKind::Internal).with_cause(error);
    let code = QrCode::with_error_correction_level(link, LEVEL).map_err(internal)?;
    Ok(code.render::<svg::Color<'_>>().module_dimensions(MODULE, MODULE).quiet_zone(true).build())
}
