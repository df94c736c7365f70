-- name: InsertPayloadView :exec
INSERT INTO payload_view (at, who, namespace, workflow_id, run_id, payloads, readable)
VALUES (@at, @who, @namespace, @workflow_id, @run_id, @payloads, @readable);

-- name: PayloadViews :many
SELECT at, who, namespace, workflow_id, run_id, payloads, readable FROM payload_view ORDER BY seq;
