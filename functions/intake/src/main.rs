//! The intake function as AWS Lambda starts it.

use intake::{Intake, router};
use shared::http::stack::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let dependencies = shared::startup::lambda::load_dependencies()?;
    shared::startup::lambda::run(wrap(router(Intake::new(&dependencies)), dependencies.http_stack())).await
}
