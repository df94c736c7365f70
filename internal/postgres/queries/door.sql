-- name: ForgetSignInLinks :exec
DELETE FROM door_link WHERE until <= @now;

-- name: InsertSignInLink :exec
INSERT INTO door_link (sha256, who, identity, until) VALUES (@sha256, @who, @identity, @until);

-- Leaves a person their newest links.
-- name: TrimSignInLinks :exec
DELETE FROM door_link o WHERE o.identity = @identity AND o.who = @who AND o.sha256 NOT IN (
    SELECT n.sha256 FROM door_link n WHERE n.identity = @identity AND n.who = @who ORDER BY n.until DESC LIMIT @kept
);

-- A link is good once: whoever takes it away has used it.
-- name: UseSignInLink :one
DELETE FROM door_link WHERE sha256 = @sha256 AND until > @now RETURNING who, identity;

-- name: InsertDoorSession :one
INSERT INTO door_session (sha256, who, identity, how, passkey_id, address, browser, began, seen, until)
VALUES (@sha256, @who, @identity, @how, @passkey_id, @address, @browser, @began, @began, @until) RETURNING id;

-- name: DoorSession :one
SELECT id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id FROM door_session
WHERE sha256 = @sha256 AND until > @now AND seen > @idle_since;

-- name: SeeDoorSession :exec
UPDATE door_session SET seen = @now WHERE id = @id AND seen < @now;

-- name: DoorSessions :many
-- The sessions that go on, of one identity or with '' of everybody.
SELECT id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id FROM door_session
WHERE until > @now AND seen > @idle_since AND (@identity::text = '' OR identity = @identity::text)
ORDER BY id;

-- name: EndOverDoorSessions :many
DELETE FROM door_session WHERE until <= @now OR seen <= @idle_since
RETURNING id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id;

-- name: EndDoorSession :many
DELETE FROM door_session WHERE sha256 = @sha256
RETURNING id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id;

-- name: EndDoorSessionByID :many
-- Of one identity or with '' of everybody.
DELETE FROM door_session WHERE id = @id AND (@identity::text = '' OR identity = @identity::text)
RETURNING id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id;

-- name: EndPasskeySessions :many
-- Who signed in by a passkey that is taken away does not stay.
DELETE FROM door_session WHERE passkey_id = @passkey_id AND how = 'passkey'
RETURNING id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id;

-- name: TrimDoorSessions :many
-- Leaves a person their newest sessions.
DELETE FROM door_session o WHERE o.identity = @identity AND o.who = @who AND o.id NOT IN (
    SELECT n.id FROM door_session n WHERE n.identity = @identity AND n.who = @who ORDER BY n.began DESC, n.id DESC LIMIT @kept
) RETURNING id, sha256, who, identity, how, address, browser, began, seen, until, passkey_id;

-- name: InsertDoorEvent :exec
INSERT INTO door_event (at, what, who, identity, how, session_id, address, browser, times, why, by_whom)
VALUES (@at, @what, @who, @identity, @how, @session_id, @address, @browser, @times, @why, @by_whom);

-- name: DoorEvents :many
SELECT at, what, who, identity, how, session_id, address, browser, times, why, by_whom FROM door_event ORDER BY seq;

-- name: InsertPasskey :one
INSERT INTO door_passkey (credential, handle, who, identity, kept, label, added)
VALUES (@credential, @handle, @who, @identity, @kept, @label, @added) RETURNING id;

-- name: Passkeys :many
-- Of one identity or with '' of everybody.
SELECT id, credential, handle, who, identity, kept, label, added, used FROM door_passkey
WHERE @identity::text = '' OR identity = @identity::text ORDER BY id;

-- name: PasskeyByCredential :one
SELECT id, credential, handle, who, identity, kept, label, added, used FROM door_passkey WHERE credential = @credential;

-- name: UsePasskey :execrows
UPDATE door_passkey SET kept = @kept, used = @used::timestamptz WHERE id = @id;

-- name: RemovePasskey :many
DELETE FROM door_passkey WHERE id = @id AND (@identity::text = '' OR identity = @identity::text)
RETURNING id, credential, handle, who, identity, kept, label, added, used;
