//! The HTML of the hosted pages: forms that need no script.

use super::{call::Told, outside};

/// The languages of the pages, and what their heading says.
pub const LANGUAGES: [(&str, &str); 12] = [
    ("en", "Sign in"),
    ("de", "Anmelden"),
    ("es", "Iniciar sesión"),
    ("fr", "Se connecter"),
    ("id", "Masuk"),
    ("it", "Accedi"),
    ("ja", "サインイン"),
    ("ko", "로그인"),
    ("nl", "Inloggen"),
    ("pt-BR", "Entrar"),
    ("zh-CN", "登录"),
    ("zh-TW", "登入"),
];

/// What the pages of one sign-in share.
#[derive(Debug)]
pub struct Sheet {
    /// What the client asked for, as a query.
    pub query: String,
    /// What the forms repeat.
    pub xsrf: String,
    /// The language.
    pub lang: String,
    /// The providers to choose from.
    pub providers: Vec<String>,
}

impl Sheet {
    /// Name and password, the outside providers, and the ways to the other pages.
    pub fn login(&self, message: &str, username: &str) -> String {
        let (mut body, query) = (String::new(), escaped(&self.query));
        for provider in self.providers.iter().filter(|name| *name != outside::OWN) {
            body += &format!("<p><a href=\"/login?{query}&amp;identity_provider={provider}\">{provider}</a></p>");
        }
        if self.providers.iter().any(|name| name == outside::OWN) {
            let fields = [
                field("User name", "username", "text", username, "username"),
                field("Password", "password", "password", "", "current-password"),
            ];
            body += &self.form("/login", &fields.concat(), "Sign in");
            body += &format!(
                "<p><a href=\"/signup?{query}\">Create an account</a></p><p><a href=\"/forgotPassword?{query}\">Forgot the password?</a></p>"
            );
        }
        let (lang, heading) = LANGUAGES.into_iter().find(|(lang, _)| *lang == self.lang).unwrap_or(LANGUAGES[0]);
        page(&format!("<h1 lang=\"{lang}\">{heading}</h1>"), message, &body)
    }

    /// A password of one's own, for a temporary one.
    pub fn new_password(&self, message: &str, username: &str, session: &str, missing: &[String]) -> String {
        let mut fields = hidden("username", username) + &hidden("session", session);
        fields += &field("New password", "password", "password", "", "new-password");
        fields.extend(missing.iter().map(|name| field(name, &format!("userAttributes.{name}"), "text", "", "off")));
        page("<h1>Change the password</h1>", message, &self.form("/newPassword", &fields, "Change"))
    }

    /// A new account.
    pub fn sign_up(&self, message: &str, required: &[String]) -> String {
        let mut fields = field("User name", "username", "text", "", "username");
        fields.extend(required.iter().map(|name| field(name, name, "text", "", "off")));
        fields += &field("Password", "password", "password", "", "new-password");
        page("<h1>Create an account</h1>", message, &self.form("/signup", &fields, "Create"))
    }

    /// The code that was mailed after that.
    pub fn confirm(&self, message: &str, username: &str) -> String {
        let name = hidden("username", username);
        let fields = name.clone() + &field("Code", "code", "text", "", "one-time-code");
        let body = self.form("/confirm", &fields, "Confirm") + &self.form("/resendcode", &name, "Send a new code");
        page("<h1>Confirm the address</h1>", message, &body)
    }

    /// Who has forgotten a password.
    pub fn forgot_password(&self, message: &str) -> String {
        let fields = field("User name", "username", "text", "", "username");
        page("<h1>Forgot the password?</h1>", message, &self.form("/forgotPassword", &fields, "Send a code"))
    }

    /// The code that was mailed after that, and another password.
    pub fn reset_password(&self, message: &str, username: &str) -> String {
        let fields = [
            hidden("username", username),
            field("Code", "code", "text", "", "one-time-code"),
            field("New password", "password", "password", "", "new-password"),
        ];
        page("<h1>Choose a password</h1>", message, &self.form("/confirmForgotPassword", &fields.concat(), "Change"))
    }

    /// Back to the first page.
    pub fn to_login(&self) -> Told {
        Told::to(&format!("/login?{}", self.query))
    }

    fn form(&self, path: &str, fields: &str, button: &str) -> String {
        let action = escaped(&format!("{path}?{}", self.query));
        let fields = hidden("_csrf", &self.xsrf) + fields;
        format!("<form method=\"post\" action=\"{action}\">{fields}<p><button>{button}</button></p></form>")
    }
}

/// The page of the provider that agrees.
pub fn agreeing(state: &str, hint: &str) -> String {
    let name = field("Name", "username", "text", hint, "username");
    outsider(outside::AGREEING, state, &name, &[("agree", "Agree"), ("cancel", "Cancel")])
}

/// The page of the provider that refuses.
pub fn refusing(state: &str) -> String {
    outsider(outside::REFUSING, state, "", &[("agree", "Continue"), ("cancel", "Cancel")])
}

fn outsider(provider: &str, state: &str, fields: &str, answers: &[(&str, &str)]) -> String {
    let buttons: String = answers
        .iter()
        .map(|(answer, text)| format!("<button name=\"answer\" value=\"{answer}\">{text}</button> "))
        .collect();
    let action = escaped(&format!("/idp/{provider}/authorize?state={state}"));
    let form = format!("<form method=\"post\" action=\"{action}\">{fields}<p>{buttons}</p></form>");
    page(&format!("<h1>{provider}</h1>"), "", &form)
}

/// What went wrong.
pub fn fault(error: &str, description: &str) -> String {
    page(&format!("<h1>{}</h1>", escaped(error)), description, "")
}

fn page(heading: &str, message: &str, body: &str) -> String {
    let message = match message {
        "" => String::new(),
        message => format!("<p role=\"alert\">{}</p>", escaped(message)),
    };
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Demo pool</title><main>{heading}{message}{body}</main></html>"
    )
}

fn field(label: &str, name: &str, kind: &str, value: &str, fill: &str) -> String {
    let [label, name, value] = [label, name, value].map(escaped);
    format!(
        "<p><label>{label} <input name=\"{name}\" type=\"{kind}\" value=\"{value}\" autocomplete=\"{fill}\"></label></p>"
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
}

fn escaped(text: &str) -> String {
    let letter = |letter| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        letter => letter.to_string(),
    };
    text.chars().map(letter).collect()
}
