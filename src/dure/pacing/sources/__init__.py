"""Ad servers whose line items and figures are fetched."""
