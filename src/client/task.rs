//! Something that takes a while, as a pointer: who waits for it, or hands it on, holds one word instead of its states.
//!
//! A task runs to its end, where nothing is left to be dropped. One that is forgotten before keeps what it holds; the vault
//! that has it ends with its memory. Code that could drop a task in each of its states would be 1.2 kB more to ship.

#![allow(unsafe_code, reason = "pinning through a wrapper")]

use crate::error::Error;
use alloc::boxed::Box;
use core::mem::ManuallyDrop;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Something that takes a while, and its result.
pub struct Task<'a, T>(ManuallyDrop<Option<Box<Work<'a, T>>>>);

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

impl<'a, T> Task<'a, T> {
    /// Takes `work` out of the way of who waits for it.
    pub fn new(work: impl Future<Output = Result<T, Error>> + 'a) -> Self {
        Self::of(Box::pin(Undropped(ManuallyDrop::new(work))))
    }

    #[inline(never)]
    fn of(work: Work<'a, T>) -> Self {
        Self(ManuallyDrop::new(Some(Box::new(work))))
    }
}

impl<T> Future for Task<'_, T> {
    type Output = Result<T, Error>;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = self.0.as_mut().map_or(Poll::Pending, |work| work.as_mut().as_mut().poll(context));
        if result.is_ready() {
            *self.0 = None;
        }
        result
    }
}

/// A future that is not dropped.
struct Undropped<F>(ManuallyDrop<F>);

impl<F: Future> Future for Undropped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the field is pinned with the struct: nothing moves it out.
        unsafe { self.map_unchecked_mut(|this| &mut *this.0) }.poll(context)
    }
}
