//! The role of a user in a department: [`Client::set_role`].

use threecx_xapi_runtime::error::Error;

use crate::client::Client;
use crate::generated::entities::{Rights, User, UserGroup};

impl Client {
    /// Gives a user a role in a department, and makes the user a member if it is none yet. The other
    /// departments of the user stay as they are. The answer tells whether there was anything to change.
    ///
    /// `user` and `department` are the ids of a [`User`] and a [`Group`](crate::entities::Group);
    /// [`roles`](crate::roles) has the names of the roles.
    ///
    /// The PBX knows no call that changes one membership: a PATCH replaces the whole list of `Groups`. So
    /// the client reads the list and sends it again with the change. If somebody else changes the same
    /// list in between, that change is lost.
    ///
    /// ```no_run
    /// use threecx_xapi::roles;
    ///
    /// # async fn run(pbx: threecx_xapi::Client, user: i32, department: i32) -> threecx_xapi::Result<()> {
    /// pbx.set_role(user, department, roles::MANAGERS).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the two requests. The PBX refuses a role or a department that it does not have.
    pub async fn set_role(
        &self,
        user: i32,
        department: i32,
        role: impl Into<String>,
    ) -> Result<bool, Error> {
        let role = role.into();
        let groups = User::GROUPS.expand(UserGroup::RIGHTS);
        let read = self.users().get(user).select(User::ID).expand(groups).await?;
        let read = self.complete(read, User::GROUPS).await?;
        let mut groups = read.groups.unwrap_or_default();
        let rights = Rights::default().role_name(role.as_str());
        match groups.iter_mut().find(|it| it.group_id == Some(department)) {
            Some(group) => {
                let has = group.rights.as_ref().and_then(|rights| rights.role_name.as_deref());
                if has == Some(role.as_str()) {
                    return Ok(false);
                }
                group.rights = Some(rights);
            }
            None => groups.push(UserGroup::default().group_id(department).rights(rights)),
        }
        self.users().update(user, User::default().groups(groups)).await?;
        Ok(true)
    }
}
