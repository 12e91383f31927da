//! Calls that write, and read what the same task has written.

use threecx_xapi::entities::Contact;

use super::judge::Ending;
use super::rows::{Row, Seen, compare, compare_one};
use super::task::Task;

/// Titles, each of which is made unique.
const TITLES: [&str; 6] = ["Dr.", "O'Brien & Söhne", "100 %/'", "a\"b\\c", "漢字 😀", "1+1=2;#"];

impl Task {
    fn title(&mut self) -> String {
        let title = self.rng.choice(TITLES).unwrap_or_default();
        format!("{title} {}-{}", self.number, self.call)
    }

    /// The place of a contact of which all is certain.
    fn some_row(&mut self) -> Option<(usize, i32)> {
        let certain = self.rows.iter().enumerate();
        let certain = certain.filter_map(|(at, row)| Some((at, row.certain()?.0)));
        let certain: Vec<_> = certain.collect();
        self.rng.choice(certain)
    }

    pub(super) async fn create(&mut self) -> Result<(), String> {
        let (marker, title) = (format!("{}-{}", self.number, self.call), self.title());
        let contact = Contact::default().first_name(&marker).title(&title);
        let contact = contact.company_name(self.company()).phone_number("+1202");
        let request = self.tagged(self.bench.client.contacts().create(contact));
        let ending = self.call(1, request.into_future()).await?;
        let mut row = Row { id: None, marker, may_be: vec![Some(title), None] };
        if let Ending::Done(made) = ending {
            row.id = made.id;
            row.may_be.pop();
            compare(std::slice::from_ref(&row), &[&Seen::of(&made)])?;
        }
        self.rows.push(row);
        Ok(())
    }

    pub(super) async fn change(&mut self) -> Result<(), String> {
        let Some((at, id)) = self.some_row() else { return Ok(()) };
        let title = self.title();
        let change = Contact::default().title(&title);
        let request = self.tagged(self.bench.client.contacts().update(id, change));
        let ending = self.call(1, request.into_future()).await?;
        let row = &mut self.rows[at];
        if let Ending::Done(_) = ending {
            row.may_be.clear();
        }
        row.may_be.push(Some(title));
        Ok(())
    }

    pub(super) async fn delete(&mut self) -> Result<(), String> {
        let Some((at, id)) = self.some_row() else { return Ok(()) };
        let request = self.tagged(self.bench.client.contacts().delete(id));
        match self.call(1, gone(request.into_future())).await? {
            Ending::Done(()) => drop(self.rows.remove(at)),
            Ending::Failed | Ending::GivenUp => self.rows[at].may_be.push(None),
        }
        Ok(())
    }

    pub(super) async fn read(&mut self) -> Result<(), String> {
        let known: Vec<usize> =
            (0..self.rows.len()).filter(|at| self.rows[*at].id.is_some()).collect();
        let Some(at) = self.rng.choice(known) else { return Ok(()) };
        let id = self.rows[at].id.unwrap_or_default();
        let request = self.tagged(self.bench.client.contacts().get(id));
        let found = async {
            match request.await {
                Err(error) if error.is_not_found() => Ok(None),
                outcome => outcome.map(Some),
            }
        };
        match self.call(1, found).await? {
            Ending::Done(Some(contact)) => compare_one(&self.rows, &Seen::of(&contact)),
            Ending::Done(None) if !self.rows[at].allows(None) => Err(format!("{id} is missing")),
            _ => Ok(()),
        }
    }

    /// By key, as a write that was given up may still make or delete a contact between two pages.
    pub(super) async fn list(&mut self) -> Result<(), String> {
        let request = self.bench.client.contacts().list();
        let request = self.tagged(request.filter(Contact::COMPANY_NAME.eq(self.company())));
        let mut items = request.by_key().items().page_size(self.rng.u32(2..20));
        let walk = async {
            let mut found = Vec::new();
            while let Some(contact) = items.next().await {
                found.push(Seen::of(&contact?));
            }
            Ok(found)
        };
        match self.call(10, walk).await? {
            Ending::Done(found) => compare(&self.rows, &found.iter().collect::<Vec<_>>()),
            Ending::Failed | Ending::GivenUp => Ok(()),
        }
    }

    pub(super) async fn find(&mut self) -> Result<(), String> {
        let Some((at, _)) = self.some_row() else { return Ok(()) };
        let row = &self.rows[at];
        let title = row.certain().map(|(_, title)| title).unwrap_or_default();
        let request = self.bench.client.contacts().list().filter(Contact::TITLE.eq(title));
        let request = self.tagged(request);
        match self.call(1, request.into_future()).await? {
            Ending::Done(page) => {
                let found: Vec<Seen> = page.iter().map(Seen::of).collect();
                compare(&self.rows[at..=at], &found.iter().collect::<Vec<_>>())
            }
            Ending::Failed | Ending::GivenUp => Ok(()),
        }
    }

    pub(super) async fn action(&mut self) -> Result<(), String> {
        let marker = format!("{}-{}", self.number, self.call);
        let request = self.tagged(self.bench.client.users().make_call(&marker).dn("101"));
        let ending = self.call(1, request.into_future()).await?;
        self.actions.push((marker, matches!(ending, Ending::Done(_))));
        Ok(())
    }
}

/// A contact that is not there any more is gone: an answer that got lost may have said so first.
async fn gone<T>(
    deleted: impl Future<Output = Result<T, threecx_xapi::Error>>,
) -> Result<(), threecx_xapi::Error> {
    match deleted.await {
        Err(error) if error.is_not_found() => Ok(()),
        outcome => outcome.map(drop),
    }
}
