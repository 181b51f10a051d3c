"""One small file of each format, with lines that overlap, touch, and stand alone."""

SAMPLES = {
    "bed": "c1\t0\t10\ta\t1\t+\nc1\t5\t15\tb\t2\t-\nc2\t3\t4\ta\t3\t.\n",
    "bedgraph": "track type=bedGraph\nc1\t0\t5\t1.5\nc1\t5\t9\t1.5\nc2\t1\t2\t3\n",
    "gff": "##gff-version 3\nc1\tx\tgene\t1\t10\t.\t+\t.\tID=a\nc1\tx\texon\t8\t20\t.\t-\t.\tID=b;Note=n\n",
    "interval_list": "@HD\tVN:1\nc1\t1\t10\t+\ta\nc1\t11\t20\t-\tb\nc2\t5\t5\t+\tc\n",
    "vcf": "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "c1\t10\tr1\tACG\tA\t.\t.\tDP=1\nc1\t11\t.\tA\t<DEL>\t.\t.\tSVTYPE=DEL;END=30\nc2\t5\t.\tA\tT\t.\t.\t.\n",
    "maps": "00001000-00002000 r--p 00000000 fd:01 7".ljust(73)
    + "/x\n00002000-00003000 r-xp 00001000 fd:01 7".ljust(74)
    + "/x\n00008000-00009000 rw-p 00000000 00:00 0\n",
    "iomem": "00000000-000fffff : Reserved\n  000a0000-000bffff : Video\n00200000-002fffff : RAM\n",
    "codepoints": "# c\n3400;<CJK, First>;Lo\n4DBF;<CJK, Last>;Lo\n0041..005A ; Latin # x\n005B..0060 ; Common\n",
    "addresses": "# c\n10.0.0.0/8, 11.0.0.0/8 net\n192.168.0.2 - 192.168.0.3\n2001:db8::/32\n",
    "regions": "c1:1,000-2,000\nc1:1500-2500\nc2:7-7\n",
    "csv": "Chromosome,Start,End,Name\nc1,1,10,\"a,b\"\nc1,5,20,c\nc2,5,20,d\n",
    "tsv": "chrom\tstart\tend\tvalue\nc1\t1\t10\tx\nc1\t10\t20\tx\nc2\t5\t20\ty\n",
    "columns": "1 5 a\n5 9 a\n20 30 b\n",
    "jsonl": '{"chrom": "c1", "start": 1, "stop": 5, "value": {"a": [1]}}\n'
    '{"chrom": "c1", "start": 5, "stop": 9, "value": {"a": [1]}}\n{"chrom": "c2", "start": 0, "stop": 2.5}\n',
}
READONLY = ("vcf",)
