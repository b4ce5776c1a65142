"""The parts of a .docx in the form of Nghị định 30/2020/NĐ-CP."""
