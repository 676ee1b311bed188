//! What JavaScript reaches: converts, calls and converts.

mod boundary;
mod heap;
mod stack;
mod tasks;
mod values;

use crate::browser::Browser;
use crate::client::{Client, GivenUp, Next, Task};
use crate::encoding::utf8;
use crate::error::Error;
use crate::protocol::Reply;
use crate::secret::{SecretBytes, SecretText};
use crate::session::Session;
use crate::text::{Text, Texts};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use tasks::Tasks;

#[global_allocator]
static HEAP: heap::Wiping = heap::Wiping::new();

/// A panic is a fault of this crate: it traps, and says nothing that could hold a secret.
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// One app's vault.
struct Engine {
    client: &'static Client<Browser>,
    tasks: Tasks,
    /// What the last call has asked of the edge.
    asked: SecretBytes,
}

impl Engine {
    /// A vault of this configuration: see [`values::config`].
    fn new(config: Vec<u8>) -> Self {
        let config = utf8(&config).unwrap_or_default();
        let config = values::config(Texts::new(&config));
        // As the engine does, it lives as long as the module's memory.
        let client = Box::leak(Box::new(Client::new(config, Browser::default())));
        Self { client, tasks: Tasks::default(), asked: SecretBytes::default() }
    }

    /// Takes a message of [`Texts`], and brings what the edge is to do, as JSON: a list of lists of a name, numbers and texts.
    ///
    /// The first text is a method: the message is a call by that `number`, of which `done` brings the result, or `fail` the error; a
    /// password goes beside it, in UTF-8. With no method it is what became of the ticket `number`: see `Browser::arrive`. An empty
    /// message gives the call `number` up, and nothing of it is kept.
    ///
    /// | method | besides | result |
    /// |---|---|---|
    /// | `signIn` | [`values::credentials`], password | a step |
    /// | `signUp` | [`values::registration`], password | a step |
    /// | `answer` | id, [`values::answer`], password | the next step |
    /// | `resend` | id | the reply's object |
    /// | `giveUp` | id | |
    /// | `refresh` | | |
    /// | `signOut`, `signOutEverywhere` | | fails, after forgetting, if the tokens could not be revoked |
    /// | `restore` | | after the session that is kept was taken up |
    /// | `importSession` | [`values::tokens`], [`values::device`] | |
    /// | `exchange` | [`values::grant`] | |
    /// | `touch`, `tend` | | |
    /// | `changed` | subject | |
    /// | `fetch` | origin | after the edge's `api` |
    /// | `prepare` | | the next sign-in's SRP key pair is made, for idle time |
    /// | an operation, `GetUser` | [`values::members`], passwords joined by zeros | the reply's object |
    fn enter(&mut self, number: u32, message: Vec<u8>, password: SecretBytes) -> &mut [u8] {
        let message = utf8(&message).unwrap_or_default();
        self.asked = SecretBytes::new(self.serve(number, message, password).into_bytes());
        stack::wipe();
        self.asked.expose_mut()
    }

    fn serve(&mut self, number: u32, message: Text, password: SecretBytes) -> String {
        match message.strip_prefix('\0') {
            Some(told) => self.client.host().arrive(number, Texts::new(told)),
            None if message.is_empty() => self.tasks.give_up(number),
            None => self.call(number, message, password),
        }
        self.tasks.run();
        self.client.host().asked()
    }

    fn call(&mut self, call: u32, message: Text, password: SecretBytes) {
        let client = self.client;
        let wanted = Rc::new(Cell::new(true));
        self.tasks.add(call, wanted.clone(), async move {
            let given_up = || !wanted.get();
            let mut begun = begin(client, call, Texts::new(&message), password, &given_up)
                .unwrap_or_else(|error| Call::Over(Some(error)));
            let result = poll_fn(|context| begun.poll(context)).await;
            let host = client.host();
            match result {
                Ok(value) => host.ask("done").number(call).text(value.expose()),
                Err(error) => {
                    let failed = host.ask("fail").number(call).number(error.code.retryable().into());
                    let failed = failed.number(error.status.unwrap_or_default().into()).text(error.code.as_str());
                    failed.text(&error.message).text(error.request_id.as_deref().unwrap_or_default())
                }
            };
        });
    }
}

/// A call by the kind of its result.
enum Call<'a> {
    Conversation(Task<'a, Next>),
    Object(Task<'a, SecretText>),
    Plain(Task<'a, ()>),
    Api(Task<'a, Box<Reply>>),
    Over(Option<Error>),
}

impl Call<'_> {
    /// Its result as JSON, once it is there.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<SecretText, Error>> {
        match self {
            Call::Conversation(task) => Pin::new(task).poll(context).map_ok(|next| values::next(next).finish()),
            Call::Object(task) => Pin::new(task).poll(context),
            Call::Plain(task) => Pin::new(task).poll(context).map_ok(|()| SecretText::default()),
            Call::Api(task) => Pin::new(task).poll(context).map_ok(|_| SecretText::default()),
            Call::Over(error) => Poll::Ready(error.take().map_or(Ok(SecretText::default()), Err)),
        }
    }
}

fn begin<'a>(
    client: &'a Client<Browser>,
    call: u32,
    mut given: Texts<'_>,
    password: SecretBytes,
    given_up: GivenUp<'a>,
) -> Result<Call<'a>, Error> {
    let given = &mut given;
    let method = given.take();
    Ok(match &*method {
        "signIn" => Call::Conversation(client.sign_in(values::credentials(given, password), given_up)),
        "signUp" => Call::Conversation(client.sign_up(values::registration(given, password), given_up)),
        "answer" => Call::Conversation(client.answer(values::id(given), values::answer(given, password), given_up)),
        "resend" => Call::Object(client.resend(values::id(given))),
        "giveUp" => {
            client.give_up(values::id(given));
            Call::Over(None)
        }
        "refresh" => Call::Plain(client.refresh()),
        "signOut" => Call::Plain(client.sign_out()),
        "signOutEverywhere" => Call::Plain(client.sign_out_everywhere()),
        "restore" => Call::Plain(client.restore()),
        "importSession" => Call::Plain(client.import_session(values::tokens(given), values::device(given))),
        "exchange" => Call::Plain(client.exchange(values::grant(given))),
        "prepare" => Call::Over(client.prepare().err()),
        "touch" => Call::Plain(client.touch()),
        "tend" => Call::Plain(client.tend()),
        "changed" => Call::Plain(client.changed(given.take())),
        "fetch" => {
            let send =
                move |session: Session| Task::new(client.host().api(call, session.access_token(), session.id_token()));
            Call::Api(client.with_tokens(&given.take(), Box::new(send)))
        }
        operation => Call::Object(client.account(operation, values::members(given, &password)?)),
    })
}
