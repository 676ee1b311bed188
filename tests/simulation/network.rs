//! The way to the service and back: slow, lossy, down, or a service that is busy.

use super::later::Later;
use super::rules;
use super::support::service::{Redated, refused, reply};
use super::world::World;
use cognito_vault::error::{Code, Error};
use cognito_vault::protocol::{Millis, Reply};
use serde_json::Value;
use std::cell::Cell;
use std::rc::Rc;

/// A reply that has not come after so many milliseconds is not waited for.
const PATIENCE: Millis = 30_000;

/// Until when what is out of order.
#[derive(Debug, Default)]
pub(crate) struct Weather {
    pub(crate) down: Cell<Millis>,
    pub(crate) slow: Cell<Millis>,
    pub(crate) lossy: Cell<Millis>,
    pub(crate) busy: Cell<Millis>,
}

impl Weather {
    pub(crate) fn clear_up(&self) {
        for trouble in [&self.down, &self.slow, &self.lossy, &self.busy] {
            trouble.set(0);
        }
    }
}

impl World {
    pub(crate) fn suffers(&self, trouble: &Cell<Millis>) -> bool {
        self.now() < trouble.get()
    }

    /// How long one way takes.
    pub(crate) fn way(&self) -> Millis {
        let slow = self.suffers(&self.weather.slow);
        self.chance.between(5, if slow { 20_000 } else { 150 })
    }
}

/// Sends for the engine `from`.
pub(crate) fn send(
    world: &Rc<World>,
    from: usize,
    operation: &'static str,
    body: Value,
    result: &Later<Result<Reply, Error>>,
) {
    let late = result.clone();
    world.after(PATIENCE, move |_| _ = late.give(Err(failure(Code::Timeout))));
    if world.suffers(&world.weather.down) {
        return fail_soon(world, result.clone());
    }
    if world.suffers(&world.weather.lossy) && world.chance.percent(25) {
        world.note(|| format!("[{from}] {operation} is lost on its way"));
        return lose(world, result.clone());
    }
    let (result, sent) = (result.clone(), world.now());
    world.after(world.way(), move |world| arrive(world, from, sent, operation, &body, result));
}

fn arrive(
    world: &Rc<World>,
    from: usize,
    sent: Millis,
    operation: &'static str,
    body: &Value,
    result: Later<Result<Reply, Error>>,
) {
    // A page that goes takes some of its requests along.
    if !world.engine(from).is_open() && world.chance.percent(50) {
        return;
    }
    let (reply, issued) = match world.suffers(&world.weather.busy).then(|| world.chance.below(3)) {
        Some(0) => (refused("TooManyRequests", "Rate exceeded"), None),
        Some(1) => (reply(500, ""), None),
        _ => world.pool.borrow_mut().answer(operation, body, world.now()),
    };
    world.rules.watch(world, from, sent, body);
    world.note(|| format!("[{from}] {operation} {} is answered {} {issued:?}", rules::token_in(body), reply.status));
    let reply = reply.dated(world.now());
    let lost = world.suffers(&world.weather.lossy) && world.chance.percent(35);
    if lost || world.suffers(&world.weather.down) {
        world.note(|| format!("[{from}] the reply is lost"));
        return lose(world, result);
    }
    world.after(world.way(), move |world| {
        let taken = world.engine(from).is_open() && result.give(Ok(reply));
        if let Some(token) = issued.filter(|_| taken) {
            world.rules.delivered(world, token, from);
        }
    });
}

/// The connection breaks, or nothing ever comes.
fn lose(world: &World, result: Later<Result<Reply, Error>>) {
    if world.chance.percent(70) {
        fail_soon(world, result);
    }
}

fn fail_soon(world: &World, result: Later<Result<Reply, Error>>) {
    world.after(world.chance.between(1, 300), move |_| _ = result.give(Err(failure(Code::Network))));
}

fn failure(code: Code) -> Error {
    Error::new(code, "The schedule says so.")
}
