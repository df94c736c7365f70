-- name: ForgetUILogins :exec
DELETE FROM ui_login WHERE coalesce(session_until, link_until) <= @now::timestamptz;

-- name: InsertUILink :exec
INSERT INTO ui_login (link_sha256, who, identity, link_until) VALUES (@link_sha256, @who, @identity, @link_until);

-- Leaves a person their newest links and sessions.
-- name: TrimUILogins :exec
DELETE FROM ui_login o WHERE o.identity = @identity AND o.who = @who AND o.link_sha256 NOT IN (
    SELECT n.link_sha256 FROM ui_login n WHERE n.identity = @identity AND n.who = @who ORDER BY n.link_until DESC LIMIT @kept
);

-- name: OpenUISession :one
UPDATE ui_login SET session_sha256 = @session_sha256::text, session_until = @session_until::timestamptz
WHERE link_sha256 = @link_sha256 AND session_sha256 IS NULL AND link_until > @now
RETURNING who;

-- name: UISession :one
SELECT who, identity FROM ui_login WHERE session_sha256 = @session_sha256::text AND session_until > @now::timestamptz;

-- name: InsertPayloadView :exec
INSERT INTO payload_view (at, who, namespace, workflow_id, run_id, payloads, readable)
VALUES (@at, @who, @namespace, @workflow_id, @run_id, @payloads, @readable);

-- name: PayloadViews :many
SELECT at, who, namespace, workflow_id, run_id, payloads, readable FROM payload_view ORDER BY seq;
