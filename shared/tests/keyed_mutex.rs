//! One lock for each key. It is not beside the code, because `tests/seats` compiles that with locks of its own.
#![cfg(test)]

use std::pin::pin;
use std::task::{Context, Waker};

use shared::types::keyed_mutex::KeyedMutex;

#[tokio::test]
async fn a_held_lock_keeps_others_out_and_a_free_one_is_forgotten() {
    let mutex = KeyedMutex::default();
    let held = mutex.lock(&"anna").await;
    let another = mutex.lock(&"jan").await;
    let mut second = pin!(mutex.lock(&"anna"));
    assert!(second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop((held, another));
    let _held = second.await;
    let _another = mutex.lock(&"ewa").await;
    let known = format!("{mutex:?}");
    assert!(known.contains("anna") && known.contains("ewa") && !known.contains("jan"), "{known}");
}
