MERGE INTO client_opened AS kept
USING (SELECT $advisor_id AS advisor_id, $business_id AS business_id) AS came
ON kept.advisor_id = came.advisor_id AND kept.business_id = came.business_id
WHEN MATCHED THEN UPDATE SET opened_at = greatest(kept.opened_at, $at::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES (came.advisor_id, came.business_id, $at::TIMESTAMP)
