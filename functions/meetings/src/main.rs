//! The meetings function as AWS Lambda starts it.

use meetings::{Meetings, router};
use shared::http::stack::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let parts = shared::startup::lambda::load_dependencies()?;
    shared::startup::lambda::run(wrap(router(Meetings::new(&parts)), parts.http_stack())).await
}
