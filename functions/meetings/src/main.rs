//! Lambda entry of the meetings function.

use meetings::{Meetings, router};
use shared::http::stack::wrap;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let dependencies = shared::startup::lambda::load_dependencies()?;
    let routes = router(Meetings::new(&dependencies));
    shared::startup::lambda::run(wrap(routes, dependencies.http_stack())).await
}
