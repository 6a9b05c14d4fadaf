//! The meetings function as AWS Lambda starts it.

use meetings::{Meetings, router};
use shared::web::front::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let parts = shared::aws::load_dependencies()?;
    shared::aws::run(wrap(router(Meetings::new(&parts)), parts.http_stack())).await
}
