ticket audit
