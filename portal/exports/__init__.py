"""What leaves the portal as a file: tables written as CSV or as an Excel workbook, whole or not at all."""
