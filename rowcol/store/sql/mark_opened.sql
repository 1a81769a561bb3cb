MERGE INTO client_opened AS stored
USING (SELECT $advisor_id AS advisor_id, $business_id AS business_id) AS came
ON stored.advisor_id = came.advisor_id AND stored.business_id = came.business_id
WHEN MATCHED THEN UPDATE SET opened_at = greatest(stored.opened_at, $at::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES (came.advisor_id, came.business_id, $at::TIMESTAMP)
