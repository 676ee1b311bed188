//! An engine's host in the world: whatever it asks comes later, by chance.

use super::later::Later;
use super::network;
use super::rules;
use super::storage::{Answer, Wish};
use super::support::service::Wire;
use super::world::World;
use cognito_vault::error::Error;
use cognito_vault::host::{Host, News};
use cognito_vault::protocol::{Millis, Reply, Request};
use cognito_vault::secret::SecretText;
use serde_json::Value;
use std::rc::Rc;

pub(crate) struct Seat {
    pub(crate) world: Rc<World>,
    pub(crate) engine: usize,
}

impl Seat {
    async fn wish(&self, wish: Wish) -> Answer {
        self.world.wish(self.engine, wish).await
    }

    async fn rest(&self, millis: Millis) {
        let over = Later::new();
        let wait = over.clone().wait();
        self.world.after(millis, move |_| _ = over.give(()));
        wait.await;
    }
}

impl Host for Seat {
    async fn send(&self, request: &Request) -> Result<Box<Reply>, Error> {
        let Request { operation, .. } = request;
        let body = if operation.is_empty() { Value::Null } else { request.json() };
        let refreshing = *operation == "GetTokensFromRefreshToken";
        if refreshing {
            self.world.rules.refreshing(&self.world, self.engine, rules::token_in(&body));
        }
        if *operation == "RevokeToken" {
            self.world.rules.revokes(rules::token_in(&body));
        }
        let result = Later::new();
        network::send(&self.world, self.engine, operation, body, &result);
        let result = result.wait().await;
        if refreshing {
            self.world.rules.refreshed(self.engine);
        }
        result.map(Box::new)
    }

    async fn verify(&self, _key: &str, _text: &str, _signature: &str) -> bool {
        self.rest(self.world.chance.between(0, 5)).await;
        true
    }

    async fn load(&self) -> Option<SecretText> {
        match self.wish(Wish::Load).await {
            Answer::Loaded(record) => record.map(SecretText::new),
            Answer::Done(_) => unreachable!(),
        }
    }

    async fn save(&self, record: &SecretText, revision: u32, over: u32) -> bool {
        let record = record.expose().clone();
        matches!(self.wish(Wish::Save { record, revision, over }).await, Answer::Done(true))
    }

    async fn clear(&self, subject: &str) {
        self.wish(Wish::Clear { subject: subject.to_owned() }).await;
    }

    async fn device(&self, _: &str) -> Option<SecretText> {
        None
    }

    async fn keep_device(&self, _: &str, _: &SecretText) {}

    async fn lock(&self) {
        self.world.take_lock(self.engine).await;
    }

    fn unlock(&self) {
        self.world.leave_lock(self.engine);
    }

    fn alarm(&self, millis: u32) {
        self.world.engine(self.engine).set_alarm(&self.world, millis.into());
    }

    fn now(&self) -> Millis {
        self.world.now() + self.world.skew.get()
    }

    fn entropy(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill_with(|| self.world.chance.next().to_le_bytes()[0]);
        Ok(())
    }

    async fn pause(&self, millis: u32) {
        self.rest(millis.into()).await;
    }

    fn tell(&self, news: News<'_>) {
        self.world.engine(self.engine).hear_news(&self.world, &news);
    }
}
