"""What documents say: Word, Excel, PowerPoint and PDF files as plain text, read in a process of its own."""
