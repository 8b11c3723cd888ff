"""Small made-up files in the native forms; nothing in them is from a data set."""

ALLIANCES = (
    "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,speclgth,term,"
    "defense,offense,neutral,nonagg,consul,asymm,milaid,mem1,mem2,mem3,version"
    """
9001,1901,3,1,1905,3,1,0,1,0,1,1,1,0,0,0,1,0,0,200,740,0,4.01
9002,1920,6,10,1931,2,,0,1,0,0,2,0,0,0,1,0,0,,365,630,,4.01
9003,1950,1,15,0,0,0,1,0,1,0,0,1,1,0,0,1,1,3,2,20,200,4.01
"""
)
NMC = """ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version
365,2000,100,10,5,5,146000,100000,0.05,6.0
630,2000,-9,10,5,5,65000,30000,0.01,6.0
"""
VOTES = """rcid,country_code,country,vote
1,IR,Iran,yes
1,RU,Russia,yes
2,IR,Iran,abstain
2,RU,Russia,no
"""
EVENTS = (
    "Event ID\tEvent Date\tSource Name\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Country\n"
    "1\t2018-06-01\tA\tIran\tConsult\t040\t1\tRussian Federation\n"
    '2\t2018-06-02\tB "b"\tRussian Federation\tFight\t190\t-10\tIran\n'
)
