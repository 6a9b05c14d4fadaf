//! The intake function as AWS Lambda starts it.

use intake::{Intake, router};
use shared::web::front::front;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let parts = shared::aws::parts()?;
    shared::aws::serve(front(router(Intake::new(&parts)), parts.front())).await
}
