//! The types that the PBX knows: their properties by release, as 3CX's documents list them.

use super::literal::Literal;

/// A release: `20.0.8`, or a whole build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Release {
    /// The third number; the first two are 20.0.
    pub(super) update: u32,
    /// All four numbers.
    pub(super) version: String,
}

impl Release {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<u32> = text.split('.').map(|it| it.parse().ok()).collect::<Option<_>>()?;
        match numbers[..] {
            [20, 0, update] => Some(Self { update, version: format!("{text}.995") }),
            [20, 0, update, _] => Some(Self { update, version: text.to_owned() }),
            _ => None,
        }
    }
}

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Boolean,
    Moment,
    /// An array or an object.
    Complex,
}

impl Kind {
    /// OData's name.
    pub(super) fn edm(self) -> &'static str {
        match self {
            Self::Text => "Edm.String",
            Self::Integer => "Edm.Int32",
            Self::Boolean => "Edm.Boolean",
            Self::Moment => "Edm.DateTimeOffset",
            Self::Complex => "Edm.Untyped",
        }
    }

    /// Whether a value of the URL can be compared with it.
    pub(super) fn takes(self, literal: &Literal) -> bool {
        match literal {
            Literal::Null => true,
            Literal::Boolean(_) => self == Self::Boolean,
            Literal::Integer(_) | Literal::Decimal(_) => self == Self::Integer,
            Literal::Text(_) => self == Self::Text,
            Literal::Moment(_) => self == Self::Moment,
            Literal::Guid(_) | Literal::Word(_) => false,
        }
    }
}

/// A type: a list of `Name[:kind][@first release]`, and its navigation properties with their types.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    properties: &'static str,
    pub(super) navigation: &'static [(&'static str, &'static Shape)],
}

impl Shape {
    /// What a property holds; none if the release doesn't know it.
    pub(super) fn kind(&self, name: &str, release: &Release) -> Option<Kind> {
        self.properties.split_whitespace().find_map(|property| {
            let (property, since) = property.split_once('@').unwrap_or((property, "0"));
            let (property, kind) = property.split_once(':').unwrap_or((property, ""));
            let known = since.parse().is_ok_and(|since: u32| since <= release.update);
            (property == name && known).then_some(match kind {
                "i" => Kind::Integer,
                "b" => Kind::Boolean,
                "d" => Kind::Moment,
                "o" | "a" => Kind::Complex,
                _ => Kind::Text,
            })
        })
    }

    /// The type behind a navigation property.
    pub(super) fn behind(&self, name: &str) -> Option<&'static Shape> {
        self.navigation.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
    }

    /// What the PBX says of a property that it doesn't know.
    pub(super) fn unknown(&self, name: &str) -> String {
        format!("Could not find a property named '{name}' on type '{}'.", self.name)
    }
}

pub(super) static USER: Shape = Shape {
    name: "Pbx.User",
    navigation: &[
        ("Groups", &USER_GROUP),
        ("Phones", &ANY),
        ("Greetings", &ANY),
        ("ForwardingProfiles", &ANY),
        ("ForwardingExceptions", &ANY),
    ],
    properties: "Id:i Number TranscriptionMode CallUsEnableChat:b CallUsEnablePhone:b \
        CallUsEnableVideo:b CallUsRequirement ClickToCallId AccessPassword AgentSettings:o@9 \
        AIAgent:b@9 AllowLanOnly:b AllowOwnRecordings:b AuthID AuthPassword Blfs BlockTunnel:b@9 \
        BreakTime:o CallScreening:b ContactImage CurrentProfileName DatevEnabled:b@7 \
        DeskphonePassword DisplayName EmailAddress EmergencyAdditionalInfo EmergencyLocationId \
        Enable2FA:b Enabled:b EnableHotdesking:b FirstName ForbidRecording:b@10 \
        GoogleCalendarEnabled:b@5 GoogleContactsEnabled:b@5 GoogleSignInEnabled:b \
        HideInPhonebook:b HotdeskingAssignment Hours:o Internal:b IsRegistered:b Language LastName \
        Mobile MS365CalendarEnabled:b MS365ContactsEnabled:b MS365SignInEnabled:b \
        MS365TeamsEnabled:b MyPhoneAllowDeleteRecordings:b MyPhoneHideForwardings:b MyPhonePush:b \
        MyPhoneShowRecordings:b OfficeHoursProps:a OutboundCallerID PbxDeliversAudio:b \
        PinProtected:b PinProtectTimeout:i PrimaryGroupId:i PromptSet QueueStatus RecordCalls:b \
        RecordEmailNotify:b@5 RecordExternalCallsOnly:b Require2FA:b SendEmailMissedCalls:b SIPID \
        SRTPMode Tags:a VMDisablePinAuth:b VMEmailOptions VMEnabled:b VMPIN VMPlayCallerID:b \
        VMPlayMsgDateTime WebMeetingApproveParticipants:b WebMeetingFriendlyName",
};

pub(super) static GROUP: Shape = Shape {
    name: "Pbx.Group",
    navigation: &[
        ("Groups", &USER_GROUP),
        ("Members", &USER_GROUP),
        ("Rights", &RIGHTS),
        ("OfficeHolidays", &ANY),
    ],
    properties: "Id:i Number TranscriptionMode CallUsEnableChat:b CallUsEnablePhone:b \
        CallUsEnableVideo:b CallUsRequirement ClickToCallId AllowCallService:b AnswerAfter:i \
        BreakRoute:o BreakTime:o CallHandlingMode:a CurrentGroupHours CustomOperator:o \
        CustomPrompt DisableCustomPrompt:b GloballyVisible:b HasMembers:b HolidaysRoute:o Hours:o \
        IsDefault:b Language LastLoginTime:d MusicOnHold@10 Name OfficeRoute:o OutOfOfficeRoute:o \
        OverrideExpiresAt:d OverrideHolidays:b PromptSet Props:o TimeZoneId",
};

pub(super) static TRUNK: Shape = Shape {
    name: "Pbx.Trunk",
    navigation: &[
        ("Groups", &USER_GROUP),
        ("EmergencyGeoLocations", &ANY),
        ("ReceiveExtensions", &ANY),
        ("RoutingRules", &ANY),
    ],
    properties: "Id:i Number TranscriptionMode AuthID AuthPassword:o Certificate \
        CertificateExpirationDate@8 CertificateName ConfigurationIssue DidNumbers:a Direction \
        DisableCallTransfer:b@10 DisableVideo:b DiversionHeader:b E164CountryCode \
        E164ProcessIncomingNumber:b EnableInboundCalls:b EnableOutboundCalls:b ExternalNumber \
        Gateway:o InCIDFormatting:a IPRestriction IsOnline:b Messaging:o OutboundCallerID \
        OutCIDFormatting:a PublicInfoGroups:a PublicIPinSIP PublishInfo:b ReceiveInfo:b \
        RemoteMyPhoneUriHost RemotePBXPreffix ScriptName@10 SecondaryRegistrar SeparateAuthId \
        SimultaneousCalls:i Tags:a@6 TransportRestriction TrunkRegTimes:a@6 TunnelEnabled:b \
        TunnelRemoteAddr TunnelRemotePort:i UseSeparateAuthId:b",
};

pub(super) static QUEUE: Shape = Shape {
    name: "Pbx.Queue",
    navigation: &[("Groups", &USER_GROUP), ("Agents", &QUEUE_MEMBER), ("Managers", &QUEUE_MEMBER)],
    properties: "Id:i Number TranscriptionMode CallUsEnableChat:b CallUsEnablePhone:b \
        CallUsEnableVideo:b CallUsRequirement ClickToCallId AgentAvailabilityMode:b \
        AnnounceEstimatedWaitTime:b@10 AnnounceEstimatedWaitTimeInterval:i@10 \
        AnnouncementInterval:i AnnounceQueuePosition:b AutoLogoutMissedCalls:i@10 BreakRoute:o \
        CallbackEnableTime:i CallbackOfferOnly:b@10 CallbackOfferPrompt@10 CallbackPrefix \
        ComfortPrompts:a@10 ComfortPromptsEnabled:b@10 ComfortPromptsInterval:i@10 \
        DestinationNoAnswerPrompt@10 EnableIntro:b ForwardNoAnswer:o GreetingFile@5 \
        HolidaysRoute:o IntroFile IsRegistered:b MasterTimeout:i MaxCallersInQueue:i \
        MaxWaitStrategyEnabled:b@10 MaxWaitTimeSkillGroupValues:a@10 Name NotifyCodes:a OnHoldFile \
        OutOfOfficeRoute:o PlayFullPrompt:b PollingStrategy PriorityQueue:b PromptSet Recording \
        ResetQueueStatisticsSchedule:o ResetStatisticsScheduleEnabled:b RingTimeout:i \
        SkillBasedRingAllCumulativePollingEnabled:b@10 SLATime:i StopBackgroundWhenPrompt:b@10 \
        TypeOfChatOwnershipType VMEmailList@9 VMEmailOptions@9 WrapUpTime:i",
};

pub(super) static SERVICE_PRINCIPAL: Shape = Shape {
    name: "Pbx.ServicePrincipal",
    navigation: &[("Groups", &USER_GROUP), ("Peers", &ANY)],
    properties: "Id:i Number TranscriptionMode CallUsEnableChat:b CallUsEnablePhone:b \
        CallUsEnableVideo:b CallUsRequirement ClickToCallId CallControlEnabled:b IsSystem:b@9 \
        LastUsed:d MyPhoneEnabled:b@8 XAPIEnabled:b",
};

pub(super) static CONTACT: Shape = Shape {
    name: "Pbx.Contact",
    navigation: &[],
    properties: "Business Business2 BusinessFax CompanyName ContactType Department Email FirstName \
        Home Id:i LastName Mobile2 Other Pager PhoneNumber Tag Title",
};

pub(super) static PROPERTY: Shape =
    Shape { name: "Pbx.Property", navigation: &[], properties: "Description Name Value" };

pub(super) static RECORDING: Shape = Shape {
    name: "Pbx.Recording",
    navigation: &[],
    properties: "ArchivedUrl CallType CanBeTranscribed:b@8 EndTime:d FromCallerNumber \
        FromCrmContact FromDidNumber FromDisplayName FromDn FromDnType:i FromIdParticipant:i Id:i \
        IsArchived:b IsTranscribed:b@7 RecordingUrl RefParticipantId:i SentimentScore:i StartTime:d \
        Summary ToCallerNumber ToCrmContact ToDidNumber ToDisplayName ToDn ToDnType:i \
        ToIdParticipant:i Transcription TranscriptionResult:i@7",
};

pub(super) static BACKUP: Shape = Shape {
    name: "Pbx.Backups",
    navigation: &[],
    properties: "CreationTime:d DownloadLink FileName Size:i",
};

pub(super) static CALL_LOG: Shape = Shape {
    name: "Pbx.CallLogData",
    navigation: &[],
    properties: "ActionDnCallerId ActionDnDisplayName actionDnDn ActionDnType:i ActionType:i \
        Answered:b CallCost:i CallHistoryId@6 CallId:i CallType@6 CdrId@6 DestinationCallerId \
        DestinationDisplayName DestinationDn DestinationType:i Direction@6 DstRecId:i Indent:i \
        MainCallHistoryId@6 QualityReport:b Reason Recordings:a@10 RecordingUrl RingingDuration \
        SegmentId:i SentimentScore:i SourceCallerId SourceDisplayName SourceDn SourceType:i \
        SrcRecId:i StartTime:d Status@6 SubrowDescNumber:i Summary TalkingDuration Transcription",
};

pub(super) static FAX: Shape = Shape {
    name: "Pbx.Fax",
    navigation: &[("Groups", &USER_GROUP)],
    properties: "AuthID AuthPassword FaxServer:b Id:i Number OutboundCallerId TranscriptionMode",
};

pub(super) static PARKING: Shape = Shape {
    name: "Pbx.Parking",
    navigation: &[("Groups", &USER_GROUP)],
    properties: "Id:i Number TranscriptionMode",
};

pub(super) static PEER: Shape = Shape {
    name: "Pbx.Peer",
    navigation: &[("MemberOf", &ANY)],
    properties: "Hidden:b Id:i Name Number Tags:a Type",
};

pub(super) static RECEPTIONIST: Shape = Shape {
    name: "Pbx.Receptionist",
    navigation: &[("Groups", &USER_GROUP), ("Forwards", &ANY)],
    properties: "Id:i IVRType Name Number PromptFilename PromptSet Timeout:i TranscriptionMode",
};

pub(super) static RING_GROUP: Shape = Shape {
    name: "Pbx.RingGroup",
    navigation: &[("Groups", &USER_GROUP), ("Members", &ANY)],
    properties: "Id:i Name Number RingStrategy RingTime:i TranscriptionMode",
};

pub(super) static DEFS: Shape = Shape {
    name: "Pbx.Defs",
    navigation: &[("Codecs", &ANY), ("TimeZones", &ANY)],
    properties: "Id:i",
};

static USER_GROUP: Shape = Shape {
    name: "Pbx.UserGroup",
    navigation: &[("GroupRights", &RIGHTS), ("Rights", &RIGHTS)],
    properties: "CanDelete:b GroupId:i Id:i MemberName Name Number Tags:a TranscriptionMode Type",
};

static RIGHTS: Shape = Shape {
    name: "Pbx.Rights",
    navigation: &[],
    properties: "AllowIVR:b AllowParking:b AllowToChangePresence:b AllowToManageCompanyBook:b \
        AssignClearOperations:b CanBargeIn:b CanIntercom:b CanSeeGroupCalls:b CanSeeGroupMembers:b \
        CanSeeGroupRecordings:b Invalid:b PerformOperations:b RoleName ShowMyCalls:b \
        ShowMyPresence:b ShowMyPresenceOutside:b",
};

static QUEUE_MEMBER: Shape = Shape {
    name: "Pbx.QueueAgent",
    navigation: &[],
    properties: "Id:i Name Number SkillGroup Tags:a",
};

/// A type whose own properties nobody asks for.
static ANY: Shape = Shape { name: "Pbx.Untyped", navigation: &[], properties: "Id:i Name" };
