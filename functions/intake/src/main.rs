//! The intake function as AWS Lambda starts it.

use intake::{Intake, router};
use shared::web::front::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let parts = shared::aws::load_dependencies()?;
    shared::aws::run(wrap(router(Intake::new(&parts)), parts.http_stack())).await
}
