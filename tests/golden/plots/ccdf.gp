# ccdf.gp - drawn by firstbyte; run it again with: gnuplot ccdf.gp
set encoding utf8
set terminal svg noenhanced size 960,620 font 'DejaVu Sans,13' background '#ffffff'
set output 'ccdf.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'It''s a "test" of `plots`, $HOME and \n: 5 % {/Bold x}_y @z' at screen 0.02, screen 0.9516 left font ',17'
set label 2 'Whether what is drawn is what was measured, and whether a question that is longer than a line of the picture is broken'."\n".'where there is room for it?' at screen 0.02, screen 0.9065 left textcolor rgb '#555555'
set label 3 '4 to 6 replications a point, seed 1; tcp.profile = rfc; pooled samples' at screen 0.02, screen 0.0226 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.7438
set tmargin at screen 0.8419
set bmargin at screen 0.1435
set key at screen 0.7438, graph 1 left top Left reverse samplen 2.6 spacing 1.25
set key title 'link client -- web.loss' left
set xlabel 'tcp.handshake.latency (ms)'
set ylabel 'share of the samples above it'
set logscale x
set mxtics 10
set xrange [16.6667:17958.3]
set logscale y
set mytics 10
set yrange [*:1.2]
# value share, exact
$theory0 << EOD
20 1
EOD
# value share, exact
$theory1 << EOD
20 1
20 0.0975
1020 0.00724999988
2020 0.00499374988
EOD
# value share, exact
$theory2 << EOD
20 1
20 0.359995411
1020 0.103993575
2020 0.0783933919
3020 0.0271930248
4020 0.0169529513
6020 0.015928944
7020 0.00568887059
8020 0.00364085591
10020 0.00323125297
14020 0.00319029268
15020 0.00114227799
16020 0.000732675057
18020 0.00065075447
22020 0.000634370352
30020 0.000632731941
EOD
# value share
$runs0 << EOD
20 1
20 0.00125
EOD
# value share
$runs1 << EOD
20 1
20.054016 0.0983333333
1019.21587 0.00833333333
3036.6761 0.00166666667
7012.87629 0.000833333333
EOD
# value share
$runs2 << EOD
20 1
20.054016 0.335
1019.21587 0.121666667
2021.65453 0.0966666667
3036.6761 0.0283333333
4009.75462 0.0183333333
6006.24333 0.0166666667
7012.87629 0.00333333333
8019.50925 0.00166666667
14965.2767 0.000833333333
EOD
plot \
  keyentry with lines lc rgb '#555555' lw 2 title 'line: exact theory', \
  $runs0 with steps lc rgb '#0072B2' lw 3 dt 1 title '0 %', \
  $runs1 with steps lc rgb '#D55E00' lw 3 dt '- ' title '5 %', \
  $runs2 with steps lc rgb '#009E73' lw 3 dt '-.' title '20 %', \
  $theory0 with steps lc rgb '#333333' lw 0.8 notitle, \
  $theory1 with steps lc rgb '#333333' lw 0.8 notitle, \
  $theory2 with steps lc rgb '#333333' lw 0.8 notitle
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,930 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'ccdf.png'
replot
set terminal pdfcairo noenhanced size 17cm,10.98cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'ccdf.pdf'
replot
unset output
