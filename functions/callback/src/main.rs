//! Entry of the callback function on AWS Lambda.

use callback::{Callback, router};
use shared::http::stack::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let dependencies = shared::startup::lambda::load_dependencies()?;
    shared::startup::lambda::run(wrap(router(Callback::new(&dependencies)), dependencies.http_stack())).await
}
