-- name: ForgetUILogins :exec
DELETE FROM ui_login WHERE coalesce(session_until, link_until) <= @now::timestamptz;

-- name: InsertUILink :exec
INSERT INTO ui_login (link_sha256, who, link_until) VALUES (@link_sha256, @who, @link_until);

-- name: OpenUISession :one
UPDATE ui_login SET session_sha256 = @session_sha256::text, session_until = @session_until::timestamptz
WHERE link_sha256 = @link_sha256 AND session_sha256 IS NULL AND link_until > @now
RETURNING who;

-- name: UISession :one
SELECT who FROM ui_login WHERE session_sha256 = @session_sha256::text AND session_until > @now::timestamptz;

-- name: InsertPayloadView :exec
INSERT INTO payload_view (at, who, namespace, workflow_id, run_id, payloads, readable)
VALUES (@at, @who, @namespace, @workflow_id, @run_id, @payloads, @readable);

-- name: PayloadViews :many
SELECT at, who, namespace, workflow_id, run_id, payloads, readable FROM payload_view ORDER BY seq;
