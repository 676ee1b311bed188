//! One engine: a client, its calls under way, its alarm, and what its pages show.

use super::host::Seat;
use super::later::Later;
use super::plan::Kind;
use super::pool::configuration;
use super::storage::Store;
use super::support::service::API;
use super::support::tasks::Task;
use super::world::World;
use cognito_vault::client::{self, Client, Config, Next};
use cognito_vault::error::{Code, Error};
use cognito_vault::flow::{Credentials, Method};
use cognito_vault::host::{News, Status};
use cognito_vault::protocol::{Millis, Reply};
use cognito_vault::session::Session;
use cognito_vault::text::Text;
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

pub(crate) struct Engine {
    pub(crate) number: usize,
    pub(crate) client: Rc<Client<Seat>>,
    pub(crate) store: Store,
    /// Until when nothing of it runs.
    pub(crate) frozen: Cell<Millis>,
    /// Whose tokens its pages are shown, by family.
    pub(crate) shown: Cell<Option<usize>>,
    pub(crate) stale: Cell<bool>,
    /// Whether it has begun, so that its pages may call it.
    pub(crate) ready: Cell<bool>,
    /// How many sign-outs its pages have called for.
    pub(crate) signing_out: Cell<usize>,
    /// When it last heard of another engine.
    pub(crate) heard: Cell<Millis>,
    open: Cell<bool>,
    tasks: RefCell<Vec<(&'static str, Task<'static, ()>)>>,
    alarm: Cell<u64>,
}

type Shared = Rc<Client<Seat>>;

impl Engine {
    pub(crate) fn open(world: &Rc<World>, number: usize) -> Rc<Self> {
        let config = Config {
            pool: configuration().into(),
            api_origins: json!([API]).to_string().into(),
            metadata: Text::default(),
            identity_endpoint: Text::default(),
            identity_login: Text::default(),
            idle_timeout: world.plan.idle,
            max_age: world.plan.age,
        };
        let engine = Rc::new(Self {
            number,
            client: Rc::new(Client::new(config, Seat { world: world.clone(), engine: number })),
            store: Store::new(world.plan.kind != Kind::Alone),
            frozen: Cell::default(),
            shown: Cell::default(),
            stale: Cell::default(),
            ready: Cell::default(),
            signing_out: Cell::default(),
            heard: Cell::default(),
            open: Cell::new(true),
            tasks: RefCell::default(),
            alarm: Cell::default(),
        });
        let this = engine.clone();
        engine.call("restore", async move |client| {
            client.restore().await.ok();
            this.ready.set(true);
        });
        engine
    }

    /// The pages go: what they began stops where it stands, and the platform lets their lock and their requests go.
    pub(crate) fn close(&self, world: &World) {
        world.rules.closes(self);
        self.open.set(false);
        self.tasks.take();
        world.leave_lock(self.number);
        world.rules.refreshed(self.number);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.get()
    }

    /// The calls under way.
    pub(crate) fn under_way(&self) -> Vec<&'static str> {
        self.tasks.borrow().iter().map(|(name, _)| *name).collect()
    }

    /// Begins a call, which first runs with whatever else does.
    pub(crate) fn call(&self, name: &'static str, work: impl AsyncFnOnce(Shared) + 'static) {
        self.tasks.borrow_mut().push((name, Task::new(work(self.client.clone()))));
    }

    /// Polls every task twice in the order in which they were begun, as the module does. What has come for several at once,
    /// while the engine was frozen, is found in any order: the round begins with any of them.
    pub(crate) fn run(&self, world: &World) {
        let mut tasks = self.tasks.borrow_mut();
        if tasks.is_empty() || world.now() < self.frozen.get() {
            return;
        }
        let first = world.chance.below(tasks.len());
        let (before, after) = tasks.split_at_mut(first);
        for _ in 0..2 {
            after.iter_mut().chain(&mut *before).for_each(|(_, task)| task.run());
        }
        tasks.retain(|(_, task)| task.waits());
    }

    pub(crate) fn set_alarm(&self, world: &World, millis: Millis) {
        let (alarm, number) = (self.alarm.get() + 1, self.number);
        self.alarm.set(alarm);
        let late = if world.calm.get() { 0 } else { world.plan.lateness(&world.chance) };
        world.after(millis + late, move |world| {
            let engine = world.engine(number);
            if engine.is_open() && engine.alarm.get() == alarm {
                engine.tend();
            }
        });
    }

    pub(crate) fn tend(&self) {
        self.call("tend", async |client| drop(client.tend().await));
    }

    /// Another engine's announcement arrives.
    pub(crate) fn hear(&self, world: &World, subject: String) {
        if !self.is_open() || (subject.is_empty() && !self.store.shared.get()) {
            return;
        }
        world.note(|| format!("[{}] hears {subject:?}", self.number));
        self.heard.set(world.now());
        self.call("changed", async move |client| drop(client.changed(subject.into()).await));
        let number = self.number;
        world.after(1000, move |world| world.rules.agrees(world, &world.engine(number)));
    }

    pub(crate) fn hear_news(&self, world: &World, news: &News<'_>) {
        let family = news.user.map(|user| {
            let (_, rest) = user.split_once(r#""custom:family":""#).unwrap();
            rest.split_once('"').unwrap().0.parse().unwrap()
        });
        world.note(|| format!("[{}] {:?} {:?} {family:?}", self.number, news.status, news.event));
        let before = self.shown.replace(family);
        self.stale.set(news.status == Status::Stale);
        world.rules.told(world, self, before, news.event);
    }

    pub(crate) fn sign_in(self: &Rc<Self>, user: &'static str) {
        self.call("sign_in", async move |client| {
            let password = b"secret".to_vec().into();
            let (username, method) = (user.into(), Method::Password);
            let credentials = Credentials { username, password, method, ..Credentials::default() };
            let result = client.sign_in(credentials, &|| false).await;
            assert!(!matches!(result, Ok(Next::Ask(..) | Next::SignedUp)));
        });
    }

    pub(crate) fn sign_out(self: &Rc<Self>) {
        self.signing_out.set(self.signing_out.get() + 1);
        let this = self.clone();
        self.call("sign_out", async move |client| {
            client.sign_out().await.ok();
            this.signing_out.set(this.signing_out.get() - 1);
        });
    }

    pub(crate) fn touch(self: &Rc<Self>, world: &Rc<World>) {
        let (this, world) = (self.clone(), world.clone());
        self.call("touch", async move |client| {
            let touched = this.shown.get();
            if client.touch().await.is_ok() {
                world.rules.touched(touched, world.now());
            }
        });
    }

    /// A call of an API, which looks at the token; what it came to is for `ended`.
    pub(crate) fn call_api(self: &Rc<Self>, world: &Rc<World>, ended: impl FnOnce(Result<u16, Error>) + 'static) {
        let (this, world) = (self.clone(), world.clone());
        self.call("api", async move |client| {
            let call = |session: Session| {
                let token = session.access_token().expose().clone();
                world.rules.used(&world, &this, &token);
                let answer = Later::new();
                let given = answer.clone();
                world.after(world.way() * 2, move |world| {
                    let lost = world.suffers(&world.weather.down);
                    given.give(if lost { Err(()) } else { Ok(world.pool.borrow().admits(&token, world.now())) });
                });
                client::Task::new(async move {
                    let status = match answer.wait().await {
                        Ok(true) => 200,
                        Ok(false) => 401,
                        Err(()) => return Err(Error::new(Code::Network, "The schedule says so.")),
                    };
                    Ok(Box::new(Reply { status, ..Reply::default() }))
                })
            };
            ended(client.with_tokens(API, Box::new(call)).await.map(|reply| reply.status));
        });
    }
}
